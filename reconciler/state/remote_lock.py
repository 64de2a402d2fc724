"""The lock of the `git:` backend: a ref that exists while somebody writes.

It points at a commit with the holder's particulars. The server creates and removes it by
compare-and-swap, so of two that come at once one gets it; and each commit is unlike any other,
so nobody ever releases a lock that is not its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import StateError
from reconciler.git.mirror import Mirror
from reconciler.git.objects import NewCommit
from reconciler.git.process import GitError
from reconciler.git.pushing import Update
from reconciler.state.around import Around
from reconciler.state.holder import Holder, parse
from reconciler.state.waiting import Waiting

_FILE = "holder.json"
_POLL_SECONDS = 2.0
_REFUSALS = 3
"""How often a free lock may be refused before we call that the remote's will."""
_TRIES = 20
"""How often a lock may change hands under our eyes before we call that an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lock at the remote."""

    commit: str
    holder: Holder | None
    """None when this version cannot read who that is."""

    @property
    def id(self) -> str:
        """What `state unlock` asks for."""
        return self.commit[:12] if self.holder is None else self.holder.id


class RemoteLock:
    """The lock on `ref`; `shown` is how messages call the state. Methods raise `GitError`."""

    def __init__(self, mirror: Mirror, ref: str, *, shown: str, around: Around) -> None:
        self._mirror = mirror
        self._ref = ref
        self._shown = shown
        self._around = around

    def held(self) -> Held | None:
        """Who holds it now."""
        for _ in range(_TRIES):
            commit = self._mirror.tips(self._ref).get(self._ref)
            if commit is None:
                return None
            try:
                if self._mirror.fetch(self._ref) == commit:
                    return Held(commit=commit, holder=self._holder(commit))
            except GitError:
                # Released between the question and the fetch, or out of reach: the next look says.
                continue
        raise StateError(f"{self._shown}: its lock changes hands all the time", "Try again.")

    def take(self, me: Holder) -> Update:
        """Hold it as `me`: the update with which a push finds that it is still ours.

        Raises `RefusedError` when somebody else holds it for longer than our patience lasts, and
        `InterruptError` when the user stops the waiting.
        """
        commit = self._mirror.commit(self._commit(me))
        waiting = Waiting(self._around, shown=self._shown, poll=_POLL_SECONDS)
        old: str | None = None
        while not self._moved(old, commit):
            old = self._wait(waiting)
        return Update(ref=self._ref, old=commit, new=commit)

    def give_back(self, lock: Update) -> None:
        """Release it; one that is not ours any more stays."""
        self.remove(lock.new)

    def remove(self, commit: str | None) -> bool:
        """Remove the lock that points there; False when there is none such any more."""
        return not self._mirror.push(Update(ref=self._ref, old=commit, new=None)).refused

    def _moved(self, old: str | None, commit: str) -> bool:
        """Whether the lock is ours now. Raises `StateError` when the remote never lets us."""
        for _ in range(_REFUSALS):
            pushed = self._mirror.push(Update(ref=self._ref, old=old, new=commit))
            if not pushed.refused:
                return True
            now = self._mirror.tips(self._ref).get(self._ref)
            if now != old:
                return now == commit
            # Refused, and nobody has it: somebody had it, and has just let go of it.
        raise StateError(
            f"{self._shown}: the remote refuses the lock {self._ref}: {pushed.why}",
            "Whoever applies must be allowed to push there.",
        )

    def _wait(self, waiting: Waiting) -> str | None:
        """Until it is free: None, or the lock of a dead process, which may be replaced."""
        while (held := self.held()) is not None:
            if held.holder is not None and held.holder.is_dead():
                self._around.warn(f"taking over the lock of {held.holder.shown}, which is dead")
                return held.commit
            waiting.a_while(held.holder, held.id)
        return None

    def _holder(self, commit: str) -> Holder | None:
        name = self._mirror.tree(commit).get(_FILE)
        if name is None:
            return None
        return parse(next(self._mirror.read([name])).decode("utf-8", errors="replace"))

    def _commit(self, me: Holder) -> NewCommit:
        return NewCommit(
            parent=None,
            files={_FILE: me.as_json().encode("utf-8")},
            message=f"Hold the state\n\n{me.shown}\n",
            at=int(self._around.clock().timestamp()),
        )

"""The time during which one run holds the state of the `git:` backend for writing."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.errors import KeptError, ReconcilerError, StateError
from reconciler.git.process import GitError
from reconciler.model import Recorded
from reconciler.state.batches import Batches
from reconciler.state.branch import Branch
from reconciler.state.entries import Entry
from reconciler.state.holder import Holder
from reconciler.state.ledger import Ledger
from reconciler.state.remote_lock import RemoteLock

_KEEP = (
    "The next run on this machine shares them before anything else. On a machine that is thrown "
    "away, save that file, and put it back where the next run will be."
)


@dataclass(slots=True, kw_only=True)
class Session:
    """`open`, then `add` from any thread, then `close`, whatever happened."""

    lock: RemoteLock
    ledger: Ledger
    batches: Batches = field(init=False)

    def __post_init__(self) -> None:
        """Share by count or by time, from a thread of its own."""
        self.batches = Batches(self.ledger.share)

    @property
    def branch(self) -> Branch:
        """What the session works on."""
        return self.ledger.branch

    def open(self, me: Holder) -> None:
        """Take the lock, see what stands there, and share what an earlier run could not.

        Raises `RefusedError` when somebody else holds the lock, `StateError`, `GitError`.
        """
        self.branch.lock = self.lock.take(me)
        try:
            self.branch.look()
            self.ledger.open()
            self.ledger.share()
        except BaseException:
            self._give_back(me)
            raise
        self.batches.start()

    def add(self, entry: Entry) -> None:
        """Record durably. Raises `KeptError` where it is, but nothing more should be sent."""
        self.ledger.add(entry)
        self.batches.added()
        if self.batches.trouble is not None:
            raise self._kept(self.batches.trouble)
        if self.branch.lock_is_lost:
            raise KeptError(
                f"the lock on {self.branch.shown} was taken away by `reconciler state unlock`",
                "What was done is recorded. Look who else applies, then run apply again.",
            )

    def add_now(self, entry: Entry) -> None:
        """Record where everybody sees it, before returning. Raises `StateError`."""
        self.add(entry)
        self.ledger.share()

    def ids(self) -> list[str]:
        """The ids of all records that stand there, the damaged ones among them."""
        return self.branch.ids()

    def records(self) -> dict[str, Recorded]:
        """All records by id, with what is not shared yet."""
        return self.ledger.view()

    def intents(self) -> dict[str, Recorded]:
        """All applications without a known end, by their stand-ins."""
        return self.ledger.view(intents=True)

    def close(self, me: Holder) -> None:
        """Share the rest and release the lock.

        Raises `KeptError` when the remote cannot be reached: everything is in the journal then.
        """
        self.batches.stop()
        trouble: list[ReconcilerError] = []
        try:
            self.ledger.share()
        except StateError as error:
            trouble.append(self._kept(error))
        trouble += self._give_back(me)
        self.ledger.journal.close()
        if trouble:
            advice = " ".join(error.advice for error in trouble if error.advice)
            raise KeptError("; ".join(error.summary for error in trouble), advice)

    def _give_back(self, me: Holder) -> list[ReconcilerError]:
        lock = self.branch.lock
        if lock is None:
            return []
        try:
            self.lock.give_back(lock)
        except GitError as error:
            return [
                StateError(
                    f"the lock on {self.branch.shown} could not be released: {error.summary}",
                    f"Free it once the remote is back: {self.ledger.around.unlock_command(me.id)}",
                )
            ]
        return []

    def _kept(self, error: ReconcilerError) -> KeptError:
        count = self.ledger.waiting
        what = "1 outcome is" if count == 1 else f"{count} outcomes are"
        where = self.ledger.journal.shown
        return KeptError(
            f"{what} recorded on this machine only, in {where}: {error.summary}", _KEEP
        )

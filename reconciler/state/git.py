"""The `git:` backend: one JSON file a signature id, on a ref of the repository's own remote.

The server is the shared engine: every update is a compare-and-swap of the ref. What is recorded
goes into a journal on this machine first, so that `put` need not wait for the network, and a
remote that goes away costs nobody an outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path

from reconciler.canonical import digest
from reconciler.errors import RefusedError, StateError
from reconciler.git.mirror import Mirror, kept_mirror
from reconciler.git.process import GitError
from reconciler.git.remote import DEFAULT, Remote, resolve
from reconciler.model import Recorded
from reconciler.state import atomic, folders, git_trail, lock, records
from reconciler.state.around import Around
from reconciler.state.branch import Branch
from reconciler.state.entries import FORGOTTEN, Entry, happened
from reconciler.state.git_troubles import another, failed, unwritable
from reconciler.state.holder import Holder, myself, run_name
from reconciler.state.journal import Journal
from reconciler.state.known import KnownRecords
from reconciler.state.ledger import Ledger
from reconciler.state.remote_lock import RemoteLock
from reconciler.state.session import Session
from reconciler.state.trail import Version
from reconciler.state.unshared import view
from reconciler.state.url import GitUrl

_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")
_BEGUN, _ENDED = "begun", "ended"
_AWKWARD = re.compile(r"[^A-Za-z0-9.]+")


class GitState:
    """Records on the ref that `url` names, for the repository at `root`."""

    def __init__(self, url: GitUrl, *, root: Path, around: Around) -> None:
        self._url = url
        self._root = root
        self._around = around
        self._session: Session | None = None
        self._asked: str | None = None
        """Where the remote has just been seen to stand."""
        self.loaded = ""
        """The `proof` of what `load` gave last."""
        self.shown = f"git:{_USER_INFO.sub('', url.remote or DEFAULT)}#{url.ref}"

    def load(self) -> Mapping[str, Recorded]:
        """All records by id, with what is on this machine alone.

        When the remote cannot be reached, what was read last is used, and that is said. Raises
        `StateError` naming every damaged record.
        """
        if self._session is not None:
            return self._session.records()
        # First what is here alone: what is shared meanwhile stands there as well.
        pending = self._journal().pending()
        known = KnownRecords() if pending else self._around.known
        with self._mirror() as mirror:
            branch = self._branch(mirror)
            found = self._look(branch, known)
            if found is None:
                found = view(branch, pending)
                known.keep(branch.tip or "", found)
            self.loaded = "" if pending else branch.tip or ""
            return found

    def proof(self) -> str:
        """By what the records can be known again without reading them; empty for by nothing.

        The remote is asked; a `load` that follows does not ask it again. Raises `StateError`.
        """
        if self._around.known.is_off or self._journal().pending():
            return ""
        with self._mirror() as mirror, suppress(GitError):  # whoever loads hears of it
            self._asked = self._branch(mirror).ask()
        return self._asked or ""

    def ids(self) -> list[str]:
        """The ids of all records, the damaged ones among them. Raises `StateError`."""
        if self._session is not None:
            return self._session.ids()
        with self._mirror() as mirror:
            branch = self._branch(mirror)
            self._look(branch)
            return branch.ids()

    def put(self, record: Recorded, *, why: str = "") -> None:
        """Record one; when this returns, it survives a power failure, here if not at the remote."""
        self._add(
            Entry(
                id=record.id,
                name=record.name,
                record=record,
                text=records.encode(record, run=run_name(self._around.environ)),
                at=self._around.now(),
                why=why or happened(record),
            )
        )

    def remove(self, id: str, *, name: str = "", why: str = FORGOTTEN) -> None:
        """Forget one, durably."""
        at = self._around.now()
        self._add(Entry(id=id, name=name or id, record=None, text=None, at=at, why=why))

    def intents(self) -> Mapping[str, Recorded]:
        """Applications without a known end, by stand-in. Raises `StateError`."""
        if self._session is not None:
            return self._session.intents()
        with self._mirror() as mirror:
            branch = self._branch(mirror)
            self._look(branch)
            return view(branch, self._journal().pending(), intents=True)

    def begin(self, intent: Recorded) -> None:
        """Note an application where every runner sees it, before returning.

        Raises `StateError` where that cannot be done: then nothing should be sent.
        """
        text = records.encode(intent, run=run_name(self._around.environ))
        entry = Entry(
            id=intent.id,
            name=intent.name,
            record=intent,
            text=text,
            at=self._around.now(),
            why=_BEGUN,
            is_intent=True,
        )
        self._held().add_now(entry)

    def end(self, id: str) -> None:
        """Drop the intent with this stand-in, durably."""
        at = self._around.now()
        self._held().add(
            Entry(id=id, name=id, record=None, text=None, at=at, why=_ENDED, is_intent=True)
        )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the state for writing; its end shares everything and releases the lock.

        Raises `RefusedError` when somebody else holds it, `InterruptError`, `StateError`.
        """
        me = myself(self._around)
        with self._alone_here(me), self._mirror() as mirror:
            session = self._open(mirror)
            session.open(me)
            self._session = session
            try:
                yield
            except BaseException:
                self._close_after_failure(session, me)
                raise
            self._session = None
            session.close(me)

    def versions(self) -> Iterator[Version]:
        """Every version of every record, for the audit trail. Raises `StateError`."""
        with self._mirror() as mirror:
            try:
                if self._url.ref in mirror.tips(self._url.ref):
                    mirror.fetch(self._url.ref, whole=True)
            except GitError as error:
                self._around.warn(f"{self.shown} cannot be reached: {error.summary}")
            yield from git_trail.versions(mirror, self._url.ref)

    def unlock(self, id: str) -> None:
        """Free the lock of this id, whoever holds it. Raises `RefusedError` when there is none."""
        try:
            freed = lock.free(self._local("lock"), id)
        except OSError as error:
            raise unwritable(self.shown, error) from error
        with self._mirror() as mirror:
            remote = self._remote_lock(mirror)
            held = remote.held()
            if held is not None and held.id == id:
                freed = remote.remove(held.commit) or freed
            elif held is not None and not freed:
                raise another(held)
        if not freed:
            raise RefusedError(f"the state {self.shown} is not locked")

    def _held(self) -> Session:
        if self._session is None:
            raise AssertionError("an application is noted while the lock is held, or not at all")
        return self._session

    def _add(self, entry: Entry) -> None:
        if self._session is not None:
            self._session.add(entry)
            return
        with self.lock():
            self._add(entry)

    def _close_after_failure(self, session: Session, me: Holder) -> None:
        """After a failure, which is what the user must hear about first."""
        self._session = None
        try:
            session.close(me)
        except StateError as error:
            self._around.warn(f"{error.summary}. {error.advice}")

    def _open(self, mirror: Mirror) -> Session:
        journal = self._journal()
        ledger = Ledger(branch=self._branch(mirror), journal=journal, around=self._around)
        return Session(lock=self._remote_lock(mirror), ledger=ledger)

    def _branch(self, mirror: Mirror) -> Branch:
        return Branch(mirror=mirror, ref=self._url.ref, shown=self.shown)

    def _remote_lock(self, mirror: Mirror) -> RemoteLock:
        return RemoteLock(mirror, self._url.lock_ref, shown=self.shown, around=self._around)

    def _look(
        self, branch: Branch, known: KnownRecords | None = None
    ) -> dict[str, Recorded] | None:
        """See where the remote stands, and bring that here; or give what is known to stand there.

        When it cannot be reached, what was read last stands for it, and that is said.
        """
        try:
            branch.tip, self._asked = self._asked or branch.ask(), None
            found = None if known is None else known.recall(branch.tip or "")
            if found is None:
                branch.move_to(branch.tip)
        except GitError as error:
            if not branch.look_back():
                raise
            self._around.warn(
                f"{self.shown} cannot be reached, so its records are those that were read last "
                f"on this machine: {error.summary}"
            )
            return None
        return found

    @cached_property
    def _remote(self) -> Remote:
        return resolve(self._root, self._url.remote, self._around.environ)

    @contextmanager
    def _mirror(self) -> Iterator[Mirror]:
        """The repository of ours; what git complains about inside is said of the state."""
        with ExitStack() as stack:
            try:
                remote = self._remote
                about = {"url": remote.url, "cwd": str(remote.cwd), "ref": self._url.ref}
                kept = folders.cache(self._around.environ) / "git" / digest(about)[:16]
                mirror = stack.enter_context(kept_mirror(kept, remote))
            except OSError as error:
                raise unwritable(self.shown, error) from error
            except GitError as error:
                raise failed(self.shown, error) from error
            try:
                yield mirror
            except GitError as error:
                raise failed(self.shown, error) from error

    @contextmanager
    def _alone_here(self, me: Holder) -> Iterator[None]:
        """Two runs here would write the same journal, even with the remote's lock freed by hand."""
        with ExitStack() as stack:
            try:
                path = self._local("lock")
                atomic.make_folder(path.parent)
                stack.enter_context(lock.hold(path, shown=self.shown, around=self._around, me=me))
                folders.settle(self._root)
            except OSError as error:
                raise unwritable(self.shown, error) from error
            yield

    def _journal(self) -> Journal:
        path = self._local("jsonl")
        return Journal(path, shown=str(path.relative_to(self._root)))

    def _local(self, ending: str) -> Path:
        """Named after the URL, so that two states of one repository have two journals."""
        name = _AWKWARD.sub("-", self.shown).strip("-")
        about = digest({"remote": self._url.remote, "ref": self._url.ref})[:8]
        return folders.journals(self._root) / f"{name}-{about}.{ending}"

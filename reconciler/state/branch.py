"""The ref of the state as one run sees it: what stands there, and how it moves on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.errors import StateError
from reconciler.git.mirror import Mirror
from reconciler.git.objects import NewCommit, blob_id
from reconciler.git.process import GitError
from reconciler.git.pushing import Update
from reconciler.model import Recorded
from reconciler.state import records
from reconciler.state.layout import id_of, intent_path_of, is_intent, path_of


@dataclass(slots=True, kw_only=True)
class Branch:
    """Every method that asks the remote raises `GitError`."""

    mirror: Mirror
    ref: str
    shown: str
    """How messages call it."""
    tip: str | None = None
    """The commit that we work from; None while there is none."""
    files: dict[str, str] = field(default_factory=dict)
    """What stands there: the names of the bytes, by path."""
    lock: Update | None = None
    """Our lock, which each push finds in its place, or learns that it is gone."""
    lock_is_lost: bool = False

    def look(self) -> None:
        """See where the remote stands now, and bring that here."""
        self.move_to(self.ask())

    def ask(self) -> str | None:
        """Where the remote stands now."""
        return self.mirror.tips(self.ref).get(self.ref)

    def move_to(self, tip: str | None) -> None:
        """Bring here where the remote was seen to stand, or what stands there by now."""
        if tip is not None and tip != self.mirror.known(self.ref):
            tip = self.mirror.fetch(self.ref)
        self._stand_at(tip)

    def look_back(self) -> bool:
        """See where the remote stood last time; False when nobody ever asked it here."""
        tip = self.mirror.known(self.ref)
        self._stand_at(tip)
        return tip is not None

    def ids(self) -> list[str]:
        """The ids of all records, the damaged ones among them."""
        return [found for found in map(id_of, self.files) if found is not None]

    def records(self) -> dict[str, Recorded]:
        """All records by id. Raises `StateError` naming every damaged file."""
        return self.read(path for path in self.files if not is_intent(path))

    def intents(self) -> dict[str, Recorded]:
        """All applications without a known end, by their stand-ins. Raises `StateError`."""
        return self.read(path for path in self.files if is_intent(path))

    def read(self, paths: Iterable[str]) -> dict[str, Recorded]:
        """The records of those of the paths that there are, by id. Raises `StateError`."""
        found, damaged = self._read(paths)
        if damaged:
            raise StateError("\n".join(error.summary for error in damaged), damaged[0].advice)
        return found

    def peek(self, paths: Iterable[str]) -> dict[str, Recorded]:
        """As `read`, without those that are damaged."""
        return self._read(paths)[0]

    def _read(self, paths: Iterable[str]) -> tuple[dict[str, Recorded], list[StateError]]:
        wanted = [path for path in paths if path in self.files and path.endswith(".json")]
        found: dict[str, Recorded] = {}
        damaged: list[StateError] = []
        texts = self.mirror.read([self.files[path] for path in wanted])
        for path, data in zip(wanted, texts, strict=True):
            try:
                record = self._decode(path, data)
            except StateError as error:
                damaged.append(error)
            else:
                found[record.id] = record
        return found, damaged

    def advance(self, files: Mapping[str, bytes | None], message: str, at: int) -> bool:
        """Commit the files and move the ref; False when somebody else moved it meanwhile.

        Raises `StateError` when the remote does not let us move it.
        """
        new = self.mirror.commit(NewCommit(parent=self.tip, files=files, message=message, at=at))
        why = self._push(new)
        if why is not None:
            now = self.mirror.tips(self.ref).get(self.ref)
            if now == self.tip:
                raise StateError(f"{self.shown}: the remote refuses to record anything: {why}")
            if now != new:
                return False
        self.mirror.keep(self.ref, new)
        self.tip = new
        for path, data in files.items():
            self._note(path, data)
        return True

    def name(self, text: str | None) -> str | None:
        """What `files` calls a record with this text; None for none."""
        return None if text is None else self._name(text.encode("utf-8"))

    def _push(self, new: str) -> str | None:
        """Why the ref was not moved, None when it was."""
        held = [] if self.lock is None else [self.lock]
        try:
            pushed = self.mirror.push(Update(ref=self.ref, old=self.tip, new=new), *held)
        except GitError as error:
            # It may have arrived, and only the answer not; whoever calls looks.
            if self.mirror.tips(self.ref).get(self.ref) != new:
                raise error from None
            return None
        self.lock_is_lost = any(lock.ref in pushed.refused for lock in held)
        return pushed.refused.get(self.ref)

    def _stand_at(self, tip: str | None) -> None:
        self.tip = tip
        self.files = {} if tip is None else dict(self.mirror.tree(tip))

    def _note(self, path: str, data: bytes | None) -> None:
        if data is None:
            self.files.pop(path, None)
        else:
            self.files[path] = self._name(data)

    def _name(self, data: bytes) -> str:
        return blob_id(data, self.mirror.remote.object_format)

    def _decode(self, path: str, data: bytes) -> Recorded:
        where = f"{self.shown}: {path}"
        record = records.decode(data, where=where)
        if path != (intent_path_of if is_intent(path) else path_of)(record.id):
            raise StateError(f"{where}: the record is damaged: it belongs to the id {record.id}")
        return record

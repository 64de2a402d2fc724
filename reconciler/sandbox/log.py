"""What the sandbox received, in the order it was decided, without secrets and document bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import Lock

from reconciler.sandbox.codes import RefusalError
from reconciler.sandbox.parameters import DOCUMENTS, Parameters
from reconciler.signing import SIGNING_PARAMETER, Scalar

KEPT = 200_000
"""The log forgets the oldest requests beyond this many."""
_HIDDEN = frozenset({SIGNING_PARAMETER, "SecurityToken", *DOCUMENTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedDocument:
    """A document that was sent; the last three are None when it could not be read as one."""

    parameter: str
    media_type: str | None = None
    sha256: str | None = None
    """Of the decoded bytes, hex."""
    size: int | None = None
    """Decoded bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One request and what was decided about it."""

    at: float
    """Seconds on the sandbox's clock since it started."""
    connection: int
    """Which connection brought it, from 1: equal numbers mean keep-alive worked."""
    uuid: str
    """The answer's X-UCLOUD-REQUEST-UUID."""
    encoding: str
    """`json`, `form`, `query` (GET) or `unknown`."""
    user_agent: str
    action: str
    """Empty when there was none."""
    ids: tuple[str, ...]
    content: str | None
    parameters: Mapping[str, Scalar]
    """As received and in this order; secrets and documents are `(hidden)`."""
    documents: tuple[LoggedDocument, ...]
    accepted: bool
    """Whether it was done (RetCode 0), even if the client never learnt so."""
    retcode: int | None
    """None where the fault left no RetCode to decide."""
    fault: str | None
    """The kind of fault it met."""

    def as_json(self) -> dict[str, object]:
        """The entry as plain data, keys as the fields' names."""
        return {**asdict(self), "parameters": dict(self.parameters)}


def described(parameters: Parameters) -> tuple[LoggedDocument, ...]:
    """The documents of a request, by what identifies them."""
    return tuple(_document(parameters, name) for name in DOCUMENTS if parameters.values.get(name))


def shown(parameters: Parameters) -> dict[str, Scalar]:
    """The parameters that may be shown; the others' names remain."""
    return {
        name: "(hidden)" if name in _HIDDEN else value for name, value in parameters.values.items()
    }


def mentioned(parameters: Parameters) -> tuple[str, ...]:
    """The ids a request names, however wrong it is otherwise."""
    return tuple(
        str(value)
        for name, value in parameters.values.items()
        if name == "SigId" or name.startswith("SigIds.")
    )


def _document(parameters: Parameters, name: str) -> LoggedDocument:
    try:
        found = parameters.attachment(name)
    except RefusalError:
        found = None
    if found is None:
        return LoggedDocument(parameter=name)
    return LoggedDocument(
        parameter=name, media_type=found.media_type, sha256=found.sha256, size=found.size
    )


class Log:
    """The last `KEPT` entries."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[LogEntry] = deque(maxlen=KEPT)

    def add(self, entry: LogEntry) -> None:
        """Keep one more."""
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> tuple[LogEntry, ...]:
        """All that is kept, oldest first."""
        with self._lock:
            return tuple(self._entries)

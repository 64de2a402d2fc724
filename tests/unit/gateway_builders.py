"""What the gateway's tests are about: documents, and a clock that nobody waits for."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable
from typing import BinaryIO

from reconciler.gateway.parameters import FileParameter


def document(
    content: bytes, *, really: bytes | None = None, name: str = "documents/licence.png"
) -> FileParameter:
    """A document planned as `content` that has the bytes `really` when it is read."""
    return FileParameter(
        open=lambda: io.BytesIO(content if really is None else really),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="image/png",
        name=name,
    )


class CountedFiles:
    """Opens documents and counts how many are open at once."""

    def __init__(self) -> None:
        self.open = 0
        self.most = 0
        self.opened = 0

    def opener(self, content: bytes) -> Callable[[], BinaryIO]:
        def opens() -> BinaryIO:
            self.open += 1
            self.opened += 1
            self.most = max(self.most, self.open)
            return _Counted(content, self)

        return opens


class _Counted(io.BytesIO):
    def __init__(self, content: bytes, files: CountedFiles) -> None:
        super().__init__(content)
        self._files = files

    def close(self) -> None:
        if not self.closed:
            self._files.open -= 1
        super().close()


class FakeTime:
    """Time that passes only where somebody sleeps; threads may share it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds

    @property
    def total(self) -> float:
        return sum(self.slept)

"""Ctrl-C and a runner's SIGTERM: finish what is in flight, start nothing new."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from reconciler.errors import EXIT_INTERRUPTED

_STDERR = 2
_STOPPING = b"Stopping: requests in flight are finished and recorded. Again to leave at once.\n"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that the first signal sets; a second one ends the process at once."""
    stop = threading.Event()
    before = {each: signal.signal(each, _handler(stop)) for each in _SIGNALS}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _handler(stop: threading.Event) -> signal._HANDLER:
    def handle(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(EXIT_INTERRUPTED)
        stop.set()
        # Not through sys.stderr: its buffer is not made to be entered twice, and an error here
        # would strike whatever the main thread is doing. Nobody may be listening any more.
        with suppress(OSError):
            os.write(_STDERR, _STOPPING)

    return handle

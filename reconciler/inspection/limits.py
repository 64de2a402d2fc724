"""Libraries that decode strangers' bytes, held to a time, kept quiet, and made to end in facts."""

from __future__ import annotations

import gc
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from reconciler.inspection.facts import Facts, Fault

SECONDS = 0.5
"""Of processor time for one document. Real scans take a few hundredths."""
DEPTH = 400
"""Calls within calls. Python's own bound is further off, and must not be met: the hook below would
be the first to fail on it, and Python takes a hook off that fails."""

_EVERY = 16
"""Asking for the time is what costs most."""
_LIBRARIES = ("PIL", "pypdf")
_SILENT = logging.CRITICAL + 1


class _ExcessError(BaseException):
    """Not an `Exception`: the libraries catch those, and would go on."""


def bounded(look: Callable[[bytes], Facts], data: bytes, seconds: float = SECONDS) -> Facts:
    """What `look` finds in `data`. Never raises, whatever the bytes are and the libraries do."""
    try:
        with _quiet(), _watched(_Watch(seconds)):
            return look(data)
    except _ExcessError as excess:
        return Facts(fault=Fault.EXCESSIVE, detail=str(excess))
    except (RecursionError, MemoryError):
        return Facts(fault=Fault.EXCESSIVE, detail="there is no end to its parts")
    except Exception as error:  # noqa: BLE001 - decoders raise anything at all on hostile bytes
        # The class alone: the error's own words may quote the document.
        return Facts(fault=Fault.UNREADABLE, detail=f"its decoder gave up ({type(error).__name__})")


class _Watch:
    """Sees every call, of Python and of C functions, and stops the one that goes too far.

    No signal, no thread and no process is needed. What a single C call may take is bounded by the
    sizes that are checked before it. It is processor time, so that a busy machine changes nothing.
    """

    def __init__(self, seconds: float) -> None:
        self._deadline = time.thread_time() + seconds
        self._depth = 0
        self._calls = 0
        self.armed = True

    def __call__(self, _frame: FrameType, event: str, _argument: object) -> None:
        self._calls += 1
        if event == "call":
            self._depth += 1
            if self._depth > DEPTH and self.armed:
                raise _ExcessError("its parts are nested too deeply")
        elif event == "return":
            self._depth -= 1
        if not self._calls % _EVERY and self.armed and time.thread_time() > self._deadline:
            raise _ExcessError("reading it takes longer than any scan would")


@contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    if sys.getprofile() is not None:
        # Somebody measures this program. The hooks of C profilers cannot be set again once they are
        # taken off, and would fail at every call: sound documents were called damaged.
        yield
        return
    collecting = gc.isenabled()
    # Raised while garbage is collected, the excess is dropped, and the hook taken off with it.
    gc.disable()
    sys.setprofile(watch)
    try:
        yield
    finally:
        watch.armed = False  # the very call that takes the hook off is seen by the hook
        sys.setprofile(None)
        if collecting:
            gc.enable()


@contextmanager
def _quiet() -> Iterator[None]:
    """Neither log nor warning of a library may show what stands in a document."""
    loggers = [logging.getLogger(name) for name in _LIBRARIES]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(_SILENT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)

"""Libraries that decode strangers' bytes, held to a time, kept quiet, and made to end in facts."""

from __future__ import annotations

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

_LIBRARIES = ("PIL", "pypdf")
_SILENT = logging.CRITICAL + 1


class _OutOfTimeError(BaseException):
    """Not an `Exception`: the libraries catch those, and would go on."""


def bounded(look: Callable[[bytes], Facts], data: bytes, seconds: float = SECONDS) -> Facts:
    """What `look` finds in `data`. Never raises, whatever the bytes are and the libraries do."""
    try:
        with _quiet(), _within(seconds):
            return look(data)
    except _OutOfTimeError:
        return Facts(fault=Fault.EXCESSIVE, detail="reading it takes longer than any scan would")
    except (RecursionError, MemoryError):
        return Facts(fault=Fault.EXCESSIVE, detail="its parts are nested without end")
    except Exception as error:  # noqa: BLE001 - decoders raise anything at all on hostile bytes
        # The class alone: the error's own words may quote the document.
        return Facts(fault=Fault.UNREADABLE, detail=f"its decoder gave up ({type(error).__name__})")


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Stop what runs in here after so much processor time of this thread.

    The profiler's hook sees every call, of Python and of C functions, and may raise; no signal,
    no thread and no process is needed. What one C call may take is bounded by the sizes that are
    checked before it. Processor time, so that a busy machine changes no verdict.
    """
    deadline = time.thread_time() + seconds
    armed = True

    def watch(_frame: FrameType, _event: str, _argument: object) -> None:
        if armed and time.thread_time() > deadline:
            raise _OutOfTimeError

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield
    finally:
        armed = False  # the very call that takes the hook off is seen by the hook
        sys.setprofile(before)


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

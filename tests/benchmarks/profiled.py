"""Runs reconciler in this process and says where its time went: `profiled.py FILE WORDS…`.

pyinstrument's own command watches the main thread alone, which in `apply` does little but wait.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from pyinstrument import Profiler
from pyinstrument.renderers import ConsoleRenderer
from pyinstrument.session import Session

from reconciler.__main__ import main

INTERVAL = 0.001
_UNWATCHED = threading.Thread.run


def watched(words: list[str]) -> Session:
    """What `reconciler WORDS…` did, in all its threads."""
    sessions: list[Session] = []

    def run(thread: threading.Thread) -> None:
        profiler = _started()
        try:
            _UNWATCHED(thread)
        finally:
            sessions.append(profiler.stop())

    sys.argv = ["reconciler", *words]
    threading.Thread.run = run  # type: ignore[assignment,method-assign]  # every thread, whoever starts it
    profiler = _started()
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    session = profiler.stop()
    for each in sessions:
        session = Session.combine(session, each)
    return session


def _started() -> Profiler:
    profiler = Profiler(interval=INTERVAL, async_mode="disabled")
    profiler.start()
    return profiler


if __name__ == "__main__":
    renderer = ConsoleRenderer(unicode=True, color=False)
    out, *asked = sys.argv[1:]
    Path(out).write_text(renderer.render(watched(asked)), encoding="utf-8")

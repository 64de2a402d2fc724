"""A process that has imported everything and forks one that runs the command line for each job.

`python -m tests.crash.zygote` reads one JSON job a line and answers each with one line. Starting
Python for every death would take longer than the lives.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from PIL import Image

import reconciler
from tests.crash.touches import ACTS, Touches


def main() -> None:
    """Until there are no more jobs."""
    _warm_up()
    for line in sys.stdin:
        job = json.loads(line)
        process = os.fork()
        if process == 0:
            _live(job)
        _, status = os.waitpid(process, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


def _warm_up() -> None:
    """Import what any command would, which touches nothing that counts."""
    for name in ("jsonschema", "pybase64", "requests", "rich.cells", "yaml"):
        import_module(name)
    for module in walk_packages(reconciler.__path__, "reconciler."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    Image.preinit()  # the formats that documents have


def _live(job: dict[str, Any]) -> None:
    """Run one command; never returns."""
    os.environ.clear()
    os.environ.update(job["environ"])
    for number, name in ((1, "out"), (2, "err")):
        descriptor = os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(descriptor, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    touches = Touches(
        job["at"], ACTS[job["act"]], disk=job["act"] in {"full", "broken"}, lasting=job["lasting"]
    )
    _wait_for_nothing()
    if "CRASH_CLOCK" in os.environ:
        _set_clock(datetime.fromisoformat(os.environ["CRASH_CLOCK"]))
    touches.watch()
    from reconciler.cli.main import run

    code = run(job["words"])
    sys.stdout.flush()
    sys.stderr.flush()
    Path(job["count"]).write_text(str(touches.rest()), encoding="ascii")
    os._exit(code)


def _wait_for_nothing() -> None:
    """Another try comes at once: a disk or a git that failed here gets no better by waiting."""
    from reconciler.state import ledger

    ledger._PAUSES = (0.0, 0.0)


def _set_clock(time: datetime) -> None:
    """What the time is for everything that records it."""
    from reconciler.cli import workspace

    real = workspace.now
    for module in list(sys.modules.values()):
        if getattr(module, "now", None) is real:
            module.now = lambda: time  # type: ignore[attr-defined]  # it was there a line above


if __name__ == "__main__":
    main()

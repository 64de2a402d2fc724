"""`reconciler sandbox`: a local USMS service to try everything against."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import typer

_GUIDE = """\
The sandbox answers at {url} until Ctrl-C; nothing leaves this machine.
Paste the exports into the shell that is to talk to it.
  what it received    curl {url}/_sandbox/log
  what it holds       curl {url}/_sandbox/signatures
  play the reviewer   curl {url}/_sandbox/review -d '{{"id": "SIG…", "status": "approved"}}'
  break something     curl {url}/_sandbox/fault -d '{{"fault": "UpdateUSMSSignature:throttle:2"}}'
  mend everything     curl {url}/_sandbox/fault -d '{{"fault": "none"}}'
"""
_HOST = "127.0.0.1"
_PROXIES = ("http_proxy", "all_proxy")


def sandbox(
    *,
    root: Annotated[
        Path, typer.Option("-C", "--root", metavar="DIR", help="Where a relative --seed starts.")
    ] = Path(),
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 0,
    seed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="JSON or YAML: accounts, projects and signatures to start with "
            "(schemas/sandbox-seed.schema.json).",
        ),
    ] = None,
    review_after: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Let the reviewer decide this long after a submission (neutral words and scenes "
            "with sandbox:reject are rejected). Without it, reviews happen on command only.",
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACTION:KIND[:TIMES]",
            help="Let something go wrong, such as UpdateUSMSSignature:throttle:2 or "
            "'*:http503:always'; a wrong KIND lists them all. May be repeated.",
        ),
    ] = None,
    latency: Annotated[
        float, typer.Option(metavar="MS", help="Wait this many milliseconds before each answer.")
    ] = 0.0,
) -> None:
    """Serve a local USMS service, as strict as the real one, to try everything against.

    Prints the exports that point a shell at it, then serves until Ctrl-C. Writes nothing.
    """
    from reconciler.sandbox.seed_file import read_seed
    from reconciler.sandbox.server import DEFAULT_SEED, running

    with (
        _stop_signals() as stop,
        running(
            seed=DEFAULT_SEED if seed is None else read_seed(root / seed),
            review_after=review_after,
            faults=fault or (),
            port=port,
            latency=latency / 1000,
        ) as served,
    ):
        exports = {**served.environment(), **_past_the_proxy(os.environ)}
        for name, value in exports.items():
            print(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        print(_GUIDE.format(url=served.url), end="", file=sys.stderr, flush=True)
        stop.get()


def _past_the_proxy(environ: Mapping[str, str]) -> Mapping[str, str]:
    """What keeps a shell that reaches the internet through a proxy from asking it for loopback."""
    proxied = any(environ.get(name) or environ.get(name.upper()) for name in _PROXIES)
    spared = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if not proxied or {_HOST, "*"} & set(spared.replace(" ", "").split(",")):
        return {}
    return {"no_proxy": ",".join(filter(None, [spared, _HOST]))}


@contextmanager
def _stop_signals() -> Iterator[SimpleQueue[int]]:
    # A SimpleQueue may be filled from within a signal handler; an Event could lock itself up.
    asked: SimpleQueue[int] = SimpleQueue()
    before = {
        number: signal.signal(number, lambda number, _frame: asked.put(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

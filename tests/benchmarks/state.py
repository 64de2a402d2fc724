"""Times the state: `python -m tests.benchmarks.state [ROUNDS]`.

Two claims. Reading ten thousand records takes less time than parsing their manifests, from either
backend, for a command that only looks: it knows them again in `.reconciler/cache`, by the commit
that they stand in or by the status of their files. Recording one outcome costs the same among ten
records and among ten thousand.

`read` is without that cache, as `apply` does it. A machine that has never seen the state of `git:`
fetches it first; the cache, which travels to a new runner, saves it that too. Each is a row of its
own. The remote is a bare repository on this machine: a network adds its own time. `parse alone` is
what manifests cost that are written as plainly as these, before anything is checked.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from reconciler.cache.store import NO_CACHE, Cache
from reconciler.git.environment import scrubbed
from reconciler.load import load
from reconciler.manifests import parse
from reconciler.model import Origin, Proof, Purpose, Recorded, SignatureType, Submission
from reconciler.regular import read_regular
from reconciler.state.around import Around
from reconciler.state.known import KnownRecords
from reconciler.state.open import open_state
from tests.benchmarks.data import manifest_path, write_repository

FEW, MANY = 10, 10_000
ROUNDS = 5
_SETTLED = 2.1
"""Seconds after which a file is known by its status."""
URLS = {"file": "file:.reconciler/state", "git": "git:"}


def record(number: int) -> Recorded:
    """A record such as an apply writes."""
    proof = Proof(sha256="a" * 64, path="documents/00.png", size=1000, media_type="image/png")
    submission = Submission(
        content=f"店{number:05}",
        type=SignatureType.TRADEMARK,
        purpose=Purpose.SELF_USE,
        certificate=proof,
        scene="Login codes and order news",
    )
    return Recorded(
        id=f"SIG2026{number:08}",
        name=manifest_path(number).removeprefix("signatures/").removesuffix(".yaml"),
        project="org-benchmark",
        endpoint="https://api.sms.ucloud.cn",
        submission=submission,
        origin=Origin.SUBMITTED,
        at="2026-11-02T08:00:00+00:00",
        request_uuid="0" * 36,
        head="0" * 40,
        tool_version="0.1.0",
    )


@contextmanager
def filled(url: str, count: int) -> Iterator[Path]:
    """A repository whose state has so many records."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repository"
        _git("init", "--quiet", "--bare", "remote.git", cwd=Path(folder))
        _git("init", "--quiet", str(root), cwd=Path(folder))
        _git("remote", "add", "origin", "../remote.git", cwd=root)
        state = open_state(url, root=root, around=around(root))
        with state.lock(), mock.patch("os.fsync"):  # not while the data is made
            for number in range(count):
                state.put(record(number))
        time.sleep(_SETTLED)
        yield root


def around(root: Path, machine: str = "here", cache: Cache = NO_CACHE) -> Around:
    """A machine's own surroundings: another one has read nothing yet."""
    folder = root.parent / f"cache-{machine}"
    environ = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    return Around(environ=environ, known=KnownRecords(cache))


def _git(*words: str, cwd: Path) -> None:
    subprocess.run(["git", *words], cwd=cwd, env=scrubbed(os.environ), check=True)


def median(work: Callable[[int], object], rounds: int) -> float:
    """Seconds; `work` is told the number of the round."""
    taken = []
    for number in range(rounds):
        begin = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def manifests(rounds: int) -> tuple[float, float]:
    """All manifests from their files: parsed alone, and loaded as every command does it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_repository(root, MANY)
        paths = [str(root / manifest_path(number)) for number in range(MANY)]

        def parse_all(_: int) -> None:
            for path in paths:
                parse(read_regular(path, limit=1 << 20), name=path, path=path)

        def load_all(_: int) -> None:
            assert len(load(root, default_project="org-benchmark").desired) == MANY

        return median(parse_all, rounds), median(load_all, rounds)


def reading(root: Path, url: str, rounds: int, *, born: bool, known: bool) -> float:
    """All records; `born` on a machine that has never read them, `known` with the cache."""

    def read(number: int) -> None:
        machine = f"new-{number}-{known}" if born else "here"
        with Cache(root.resolve() / ".reconciler" / "cache" if known else None) as cache:
            found = open_state(url, root=root, around=around(root, machine, cache)).load()
        assert len(found) == MANY

    return median(read, rounds)


def recording(root: Path, url: str, rounds: int) -> float:
    """One outcome, durable where it is first kept, with the lock held already."""
    state = open_state(url, root=root, around=around(root))
    fresh = [replace(record(1), request_uuid=f"{number:036}") for number in range(100)]
    with state.lock():
        return median(lambda number: state.put(fresh[number]), max(rounds, 20))


def sharing_held(root: Path, url: str, rounds: int) -> float:
    """One outcome until everybody sees it, with the lock held already."""
    state = open_state(url, root=root, around=around(root))
    fresh = [replace(record(number), id=f"intent-{number}") for number in range(rounds)]
    with state.lock():
        taken = median(lambda number: state.begin(fresh[number]), rounds)
        for each in fresh:
            state.end(each.id)
    return taken


def sharing(root: Path, url: str, rounds: int) -> float:
    """One outcome by itself: lock, record, share, release."""
    state = open_state(url, root=root, around=around(root))
    fresh = [replace(record(2), request_uuid=f"{number:036}") for number in range(rounds)]
    return median(lambda number: state.put(fresh[number]), rounds)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    parsed, measure = manifests(rounds)
    print(f"Median of {rounds} rounds, Python {sys.version.split()[0]}")
    for words, taken in (("load", measure), ("parse alone", parsed)):
        line = f"manifests: {words} {MANY}"
        print(f"{line:44}{taken * 1000:9.1f} ms{taken / measure:8.2f} ×")
    for name, url in URLS.items():
        with filled(url, MANY) as many, filled(url, FEW) as few:
            reading(many, url, 1, born=False, known=True)
            for words, born, known in (
                ("read", False, False),
                ("read for the first time", True, False),
                ("know again", False, True),
                ("know again on a new machine", True, True),
            ):
                if born and name == "file":
                    continue  # a directory does not come to another machine
                taken = reading(many, url, rounds, born=born, known=known)
                line = f"{name}: {words} {MANY} records"
                print(f"{line:44}{taken * 1000:9.1f} ms{taken / measure:8.2f} ×")
            for words, work in (
                ("record one", recording),
                ("record and share one", sharing_held),
                ("lock, record, share", sharing),
            ):
                small, large = (work(root, url, rounds) for root in (few, many))
                line = f"{name}: {words} among {FEW} | {MANY}"
                print(f"{line:44}{small * 1000:9.1f} | {large * 1000:.1f} ms{large / small:8.2f} ×")


if __name__ == "__main__":
    main()

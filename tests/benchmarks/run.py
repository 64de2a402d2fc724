"""Measures this project beside what its users would pick instead: `python -m tests.benchmarks.run`.

`NAME …` limits it to the works, or the claims, whose names hold one of the words.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from reconciler import __version__
from tests.benchmarks.claims import Claim, Samples, judge
from tests.benchmarks.environments import Environments
from tests.benchmarks.measure import Work, rounds
from tests.benchmarks.table import document, text
from tests.benchmarks.works import CLAIMS, NAMES, Bench
from tests.benchmarks.world import World

ROUNDS = 5
"""The slow works are measured in the first two alone; the table says how often each was."""


def chosen(words: Sequence[str]) -> tuple[Claim, ...]:
    """The claims that one of the words is about; all where there are no words."""
    return tuple(
        claim
        for claim in CLAIMS
        if not words
        or any(word in text for word in words for text in (claim.work, claim.ours, *claim.theirs))
    )


def measured(claims: Sequence[Claim], count: int, environments: Environments) -> Samples:
    """Samples of every work that a claim needs."""
    needed = {name for claim in claims for name in (claim.ours, *claim.theirs)}
    needed |= {_first(name) for name in needed}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(world=World(Path(folder).resolve(), stack), environments=environments)
        works: dict[str, Work] = {}
        for name in NAMES:
            work = bench.work(name) if name in needed else None
            if work is not None:
                works[name] = work
            elif name in needed:
                print(f"{name}: not measured, since npm is not installed", file=sys.stderr)
        return rounds(works, count, lambda words: print(words, file=sys.stderr))


def _first(name: str) -> str:
    """What fills the cache for a warm run."""
    return name.replace("-warm-", "-cold-").replace("-again-", "-")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args()
    claims = chosen(given.names)
    environments = Environments()
    samples = measured(claims, given.rounds, environments)
    found = document(
        judge(claims, samples),
        samples,
        versions={
            "reconciler": __version__,
            "Python": platform.python_version(),
            **environments.versions,
        },
        date=datetime.now(UTC).date().isoformat(),
    )
    print(text(found))
    if given.json is not None:
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

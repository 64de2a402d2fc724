"""Writes the README's performance table: `python -m tests.benchmarks.readme RESULTS.json`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.benchmarks.table import parse, rewritten

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Keep the results beside this file, and write their table."""
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    found = parse(given.read_text("utf-8"))
    page = ROOT / "README.md"
    page.write_text(rewritten(page.read_text("utf-8"), found), encoding="utf-8")
    if given.resolve() != RESULTS:
        shutil.copyfile(given, RESULTS)


if __name__ == "__main__":
    main()

"""Times start-up and validation, and says so: `python -m tests.benchmarks.run [ROUNDS]`.

The median of several runs in processes of their own, each work beside `python -c pass`, since
seconds differ from machine to machine and ratios hardly do. Not measured yet: memory, large
repositories, plan and apply, and other tools beside this one.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "signatures"
ROUNDS = 7


def works(root: Path) -> dict[str, list[str]]:
    """What is timed, by the name in the table; the first is the measure for the others."""
    tool = [sys.executable, "-m", "reconciler"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "reconciler --version": [*tool, "--version"],
        "reconciler validate (the examples)": [*tool, "validate", "-C", str(root)],
    }


def seconds(command: list[str]) -> float:
    """Wall time of one run; CalledProcessError when it fails, since a failure is no speed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return time.perf_counter() - begin


def medians(commands: dict[str, list[str]], rounds: int) -> dict[str, float]:
    """Median seconds a work; the works take turns, so that a busy moment hits all of them."""
    for command in commands.values():
        seconds(command)  # the first run writes byte code
    taken = [{name: seconds(command) for name, command in commands.items()} for _ in range(rounds)]
    return {name: statistics.median(each[name] for each in taken) for name in commands}


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(EXAMPLES, root / "signatures")
        measured = medians(works(root), rounds)
    measure = next(iter(measured.values()))
    print(f"Median of {rounds} runs, Python {sys.version.split()[0]}")
    for name, median in measured.items():
        print(f"{name:36}{median * 1000:8.0f} ms{median / measure:8.1f} ×")
    print("Start-up and validation alone, so far: plan, apply, memory and peers are not measured.")


if __name__ == "__main__":
    main()

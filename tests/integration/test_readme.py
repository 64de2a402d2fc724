"""The README's walk-through is executed: its commands are run, and print what it says they print.

A line of output that is `…` alone stands for any lines; ports are compared as PORT.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
CURL = """#!/usr/bin/env python3
# Stands in for curl on a machine that has none: curl -s URL -o FILE -d DATA
import sys, urllib.request
_, _, url, _, file, _, data = sys.argv
with urllib.request.urlopen(url, data.encode()) as answer, open(file, "wb") as out:
    out.write(answer.read())
"""
MARK = "=== next ==="
SECONDS = 120
ANY = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command, and what it prints to either stream."""

    command: str
    output: str


def walk_through() -> list[Step]:
    """The commands of every console block between the two marks."""
    text = README.read_text("utf-8")
    section = text.partition("<!-- walk-through -->")[2].partition("<!-- end -->")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, flags=re.DOTALL | re.MULTILINE)
    return [step for block in blocks for step in steps(block)]


def steps(block: str) -> list[Step]:
    """`$ ` begins a command, `> ` goes on with it, the rest is output."""
    found: list[Step] = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines()
        more = [line[2:] for line in rest if line.startswith("> ")]
        output = [line for line in rest if not line.startswith("> ")]
        found.append(Step(command="\n".join([first, *more]), output="\n".join(output).strip()))
    return found


def run(commands: list[str], cwd: Path) -> list[str]:
    """What each command printed, all of them in one shell, as a reader types them."""
    script = "".join(f"{command}\nsleep 0; echo '{MARK}'\n" for command in commands)
    tools = [str(Path(sys.executable).parent), os.environ["PATH"], str(stand_ins(cwd))]
    environ = {
        "PATH": os.pathsep.join(tools),
        "HOME": str(cwd),
        "EXAMPLES": str(ROOT / "signatures"),
    }
    with subprocess.Popen(
        ["bash"],
        cwd=cwd,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            out, _ = shell.communicate(script, timeout=SECONDS)
        finally:
            stop_group(shell.pid)
    return [each.strip() for each in out.split(f"{MARK}\n")[:-1]]


def stand_ins(cwd: Path) -> Path:
    """Last on the PATH, so that the real tools win where there are any."""
    folder = cwd / "bin"
    folder.mkdir()
    (folder / "curl").write_text(CURL, "utf-8")
    (folder / "curl").chmod(0o755)
    return folder


def stop_group(leader: int) -> None:
    """End what the walk-through left behind, should it have failed half-way."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def pattern(output: str) -> str:
    lines = [".*" if line.strip() == ANY else re.escape(line) for line in output.splitlines()]
    return "\n".join(lines)


def comparable(text: str) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)


def test_the_walk_through_prints_what_the_readme_says(tmp_path: Path) -> None:
    told = walk_through()
    assert len(told) > 10
    printed = run([step.command for step in told], tmp_path)
    for step, output in zip(told, printed, strict=True):
        expected = pattern(comparable(step.output))
        assert re.fullmatch(expected, comparable(output), flags=re.DOTALL), (
            f"$ {step.command}\n--- the README says\n{step.output}\n--- it printed\n{output}"
        )

"""What people and pipelines see: terminals, pipes, locales, signals and their exit codes."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.contract_service import PENDING, PRIVATE_KEY, Asked, Held
from tests.integration.contract_world import ContractWorld, MakeContractWorld, contract_worlds

ESC = "\x1b"
NASTY = f"{ESC}[31m坏\x9b1m\x07\r\n\u202e::error::<b>"
PROMPT = b"[y/N]"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeContractWorld]:
    with contract_worlds(tmp_path) as worlds:
        yield worlds


@pytest.fixture
def world(make: MakeContractWorld) -> ContractWorld:
    world = make(SIG1=Held(content="甲乙丙丁", reason=NASTY))
    world.manifest("店/一", id="SIG1", content="甲乙丙丁")
    return world


def on_a_terminal(world: ContractWorld, *words: str, types: bytes = b"", **environ: str) -> str:
    """All that a terminal shows, `types` being typed when it is asked; the exit code last."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        world.words(*words),
        env={**world.environ, "TERM": "xterm-256color", **environ},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    impatience = threading.Timer(60, process.kill)
    impatience.start()
    shown = b""
    with suppress(OSError):  # how a terminal says that nobody writes to it any more
        while chunk := os.read(ours, 65536):
            shown += chunk
            if types and PROMPT in shown:
                os.write(ours, types)
                types = b""
    os.close(ours)
    code = process.wait()
    impatience.cancel()
    return f"{shown.decode()}exit {code}"


def test_apply_asks_on_a_terminal_and_no_means_no(world: ContractWorld) -> None:
    """Colours there, none with NO_COLOR; text of the service cannot steer the terminal."""
    shown = on_a_terminal(world, "apply", types=b"n\n")
    assert world.service.writes() == []
    assert f"{ESC}[" in shown
    assert f"{ESC}[31m坏" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    shown = on_a_terminal(world, "apply", types=b"y\n")
    assert shown.endswith("exit 0")
    assert len(world.service.writes()) == 1
    assert ESC not in on_a_terminal(world, "plan", NO_COLOR="1")


@pytest.mark.parametrize("environ", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}])
def test_chinese_is_printed_whatever_the_locale_and_nothing_moves_a_pipe(
    world: ContractWorld, environ: dict[str, str]
) -> None:
    """No UnicodeEncodeError, no colours, the data on stdout alone, steering text escaped."""
    ended = world.run("plan", **environ)
    assert (ended.code, ended.err) == (0, "")
    assert "店/一" in ended.out
    assert "坏" in ended.out
    assert not {ESC, "\x9b", "\x07", "\r", "\u202e"} & set(ended.out)
    assert "\n::error::" not in ended.out


def test_columns_stay_aligned_under_chinese_names(make: MakeContractWorld) -> None:
    """A Chinese character is two columns wide."""
    world = make(SIG1=Held(content="甲乙"), SIG2=Held(content="丙丁"))
    world.manifest("店铺", id="SIG1", content="甲乙")
    world.manifest("shop", id="SIG2", content="丙丁")
    lines = [line for line in world.run("plan").out.splitlines() if " SIG" in line]
    assert len(lines) == 2
    starts = {len(line[: line.index("SIG")].encode("gbk")) for line in lines}
    assert len(starts) == 1, "in GBK, as on a terminal, a Chinese character counts two"


def test_a_reader_that_leaves_early_is_no_bug(make: MakeContractWorld) -> None:
    """`reconciler plan | head -1`: no traceback, no request for a report."""
    world = make(**{f"SIG{n}": Held(content=f"甲乙{n}") for n in range(200)})
    for n in range(200):
        world.manifest(f"m{n}", id=f"SIG{n}", content=f"甲乙{n}", scene="登录验证码" * 20)
    with world.start("plan", "--format", "json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode != 70


def test_plan_needs_neither_git_nor_a_home_and_writes_nothing(world: ContractWorld) -> None:
    """From another directory, with a root whose path holds a blank and Chinese."""
    before = sorted(world.root.rglob("*"))
    del world.environ["HOME"]
    code, plan = world.document("plan", PATH="/nonexistent")
    assert (code, plan["head"]) == (0, None)
    assert sorted(world.root.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    [
        ("plann",),
        ("plan", "--format", "xml"),
        ("apply",),
        ("apply", "--fingerprint", "not-hex", "--yes"),
        ("apply", "--yes", "--max-submissions", "-1"),
        ("plan", "--only", "nobody"),
    ],
)
def test_wrong_usage_is_64_and_says_so_on_stderr_alone(
    world: ContractWorld, words: tuple[str, ...]
) -> None:
    """So that 2 stays unambiguous; nothing is asked of the service."""
    ended = world.run(*words)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err
    assert world.service.asked == []


def test_a_killed_apply_loses_no_record_but_those_in_flight(make: MakeContractWorld) -> None:
    """SIGKILL in the middle; the next run converges, and nothing is sent twice over."""
    count = 24
    world = make(**{f"SIG{n}": Held(content=f"甲乙{n}") for n in range(count)})
    for n in range(count):
        world.manifest(f"m{n}", id=f"SIG{n}", content=f"甲乙{n}")

    def slow(asked: Asked) -> None:
        if asked.action == "UpdateUSMSSignature":
            time.sleep(0.05)  # so that some are in flight at any time

    world.service.afterwards = slow
    with world.start("apply", "--yes", "--max-submissions", "99") as process:
        until = time.monotonic() + 30
        while len(world.records()) < count // 3 and time.monotonic() < until:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    recorded = world.records()
    assert count // 3 <= len(recorded) < count
    accepted = {known for known, held in world.service.held.items() if held.status == PENDING}
    assert len(accepted - recorded) <= 8, "parallelism is 8"

    world.service.afterwards = None
    assert world.run("apply", "--yes", "--max-submissions", "99").code == 0
    assert world.records() == set(world.service.held)
    assert len(world.service.writes()) == count


def test_the_debug_log_holds_no_secret(world: ContractWorld) -> None:
    """Neither the private key nor a signing nor a document, in output or state."""
    ended = world.run("apply", "--yes", "--debug")
    assert ended.code == 0
    kept = "".join(each.read_text("utf-8") for each in world.root.rglob("*.json"))
    everything = ended.out + ended.err + kept
    assert "UpdateUSMSSignature" in everything, "the debug log was really on"
    signings = [asked.parameters["Signature"] for asked in world.service.asked]
    document = world.service.writes()[0].parameters["File"].partition(",")[2]
    for secret in (PRIVATE_KEY, document, *signings):
        assert secret not in everything

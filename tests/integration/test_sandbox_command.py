"""`reconciler sandbox` as a process: what it prints, what it serves, how it ends."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from reconciler.cli.sandbox import sandbox
from reconciler.errors import UsageError
from tests.unit.sandbox_calls import signed

COMMAND = (
    sys.executable,
    "-W",
    "error",
    "-c",
    "import typer; from reconciler.cli.sandbox import sandbox;"
    "app = typer.Typer(add_completion=False); app.command()(sandbox); app()",
)


@contextmanager
def started(
    *arguments: str, lines: int = 4, **environ: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environ},
    ) as process:
        assert process.stdout is not None
        try:
            exports = [process.stdout.readline() for _ in range(lines)]
            yield process, dict(shlex.split(line)[1].split("=", 1) for line in exports)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_exports_serves_and_ends_with_0(number: signal.Signals) -> None:
    with started() as (process, exports):
        assert list(exports) == [
            "UCLOUD_PUBLIC_KEY",
            "UCLOUD_PRIVATE_KEY",
            "UCLOUD_PROJECT_ID",
            "UCLOUD_API_BASE_URL",
        ]
        answer = requests.post(
            exports["UCLOUD_API_BASE_URL"], json=signed("GetProjectList", {}), timeout=20
        )
        assert answer.json()["RetCode"] == 0
        process.send_signal(number)
        rest, guide = process.communicate(timeout=20)
        assert (process.returncode, rest) == (0, "")
        assert f"{exports['UCLOUD_API_BASE_URL']}/_sandbox/review" in guide
        assert "Traceback" not in guide


@pytest.mark.parametrize(
    ("name", "spared", "exported"),
    [
        ("no_proxy", "", "127.0.0.1"),
        ("NO_PROXY", "intranet.example", "intranet.example,127.0.0.1"),
    ],
)
def test_a_shell_behind_a_proxy_is_told_to_go_past_it(
    name: str, spared: str, exported: str
) -> None:
    """Nobody's proxy reaches the loopback of another machine."""
    with started(lines=5, HTTP_PROXY="http://proxy.example:3128", **{name: spared}) as (_, exports):
        assert exports["no_proxy"] == exported


def test_its_options_reach_the_service(tmp_path: Path) -> None:
    seed = "accounts: [{public_key: it's me, private_key: mine}]\n"
    seed += "signatures: [{id: SIG1, content: 一号店铺}]\n"
    (tmp_path / "seed.yaml").write_text(seed, encoding="utf-8")
    options = ["-C", str(tmp_path), "--seed", "seed.yaml", "--review-after", "0"]
    faults = ["--fault", "*:http503", "--fault", "*:throttle", "--latency", "1"]
    with started(*options, *faults) as (_, exports):
        url = exports["UCLOUD_API_BASE_URL"]
        assert exports["UCLOUD_PUBLIC_KEY"] == "it's me"
        statuses = [requests.get(url, timeout=20).status_code for _ in range(3)]
        held = requests.get(f"{url}/_sandbox/signatures", timeout=20).json()["signatures"]
    assert statuses == [503, 200, 200]
    assert [(one["id"], one["status"]) for one in held] == [("SIG1", "approved")]


def test_wrong_options_are_said_before_anything_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    for options in (
        {"fault": ["*:explode"]},
        {"review_after": -1.0},
        {"latency": -1.0},
        {"port": 70_000},
        {"root": tmp_path, "seed": Path("nowhere.yaml")},
    ):
        with pytest.raises(UsageError):
            sandbox(**options)
    assert capsys.readouterr().out == ""
    assert signal.getsignal(signal.SIGTERM) is before


def test_importing_the_command_loads_no_server() -> None:
    check = "import sys, reconciler.cli.sandbox; print('reconciler.sandbox' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

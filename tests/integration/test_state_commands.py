"""`reconciler state` tells what is recorded, and changes it by name or id."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.integration.conftest import MakeWorld
from tests.integration.shared_state import (
    THREE,
    Shared,
    actions,
    check,
    log,
    records,
    run,
    with_remote,
)
from tests.integration.world import World


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    return with_remote(make_world(**THREE))


class TestTheCommands:
    @pytest.fixture(params=["file:.reconciler/state", "git:"])
    def world(self, shared: Shared, request: pytest.FixtureRequest) -> World:
        shared.world.environ.pop("UNUSED", None)
        (shared.world.root / "reconciler.toml").write_text(f'state = "{request.param}"\n')
        applied = run(shared.world, "apply", "--yes")
        assert applied.code == 0, applied.err
        return shared.world

    def test_list_and_show_tell_what_is_recorded(self, world: World) -> None:
        listed = run(world, "state", "list")
        assert "retail/first" in listed.out
        assert listed.out.endswith("3 records\n")
        document = run(world, "state", "list", "--format", "json").json
        check(document, "state-list")
        assert [each["name"] for each in document["records"]] == [
            "retail/first", "retail/second", "third",
        ]  # fmt: skip
        shown = run(world, "state", "show", "SIG2")
        assert "adopted:" in shown.out
        assert "certificate:" in shown.out
        one = run(world, "state", "show", "third", "--format", "json").json
        check(one, "state-list")
        assert [each["id"] for each in one["records"]] == ["SIG3"]

    def test_rm_forgets_by_name_or_id(self, world: World) -> None:
        gone = run(world, "state", "rm", "third", "SIG1")
        assert gone.code == 0, gone.err
        assert "forgotten third (SIG3)" in gone.err
        assert [each["id"] for each in records(world)] == ["SIG2"]
        assert actions(world)["third"] == "adopt"
        what = [event["what"] for event in log(world, "third")]
        assert what[-1] == "forgotten"

    def test_mv_gives_another_name(self, world: World) -> None:
        assert run(world, "state", "mv", "third", "other/name").code == 0
        assert "other/name" in {each["name"] for each in records(world)}
        assert log(world, "third")[-1]["what"] == "renamed"
        refused = run(world, "state", "mv", "other/name", "retail/first")
        assert refused.code == 4
        assert "retail/first has a record already" in refused.err

    @pytest.mark.parametrize(
        "words", [("show", "nobody"), ("log", "nobody"), ("rm", "nobody"), ("mv", "nobody", "x")]
    )
    def test_of_an_unknown_name_is_wrong_usage(self, world: World, words: tuple[str, ...]) -> None:
        refused = run(world, "state", *words)
        assert refused.code == 64
        assert "there is no record of nobody" in refused.err
        assert "state list" in refused.err

    def test_unlock_of_a_free_state_is_refused(self, world: World) -> None:
        refused = run(world, "state", "unlock", "abc")
        assert refused.code == 4
        assert "is not locked" in refused.err


def test_nothing_of_the_state_is_imported_for_the_help() -> None:
    """The help must be quick: neither git nor any backend is loaded for it."""
    script = (
        "import sys; from reconciler.cli.main import run; run(['state', '--help']); "
        "print([name for name in sys.modules if name.startswith('reconciler.state.')], "
        "'subprocess' in sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert ran.stderr.splitlines()[-1].startswith("[]")
    for command in ("list", "show", "log", "rm", "mv", "unlock", "pull", "push"):
        assert f"  {command} " in ran.stdout

"""Several projects, services and accounts in one repository."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model import ReviewStatus
from reconciler.sandbox.seed import Account, Project, Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from tests.integration.conftest import MakeWorld
from tests.integration.test_main_job import check_against_schema
from tests.integration.world import SECONDS, World

UPDATE = "UpdateUSMSSignature"
KEYS = {"ABROAD_PUBLIC_KEY": "abroad-public", "ABROAD_PRIVATE_KEY": "abroad-private-key"}


@pytest.fixture
def abroad() -> Iterator[Sandbox]:
    """Another service, with an account and a project of its own."""
    seed = Seed(
        accounts=(
            Account(public_key=KEYS["ABROAD_PUBLIC_KEY"], private_key=KEYS["ABROAD_PRIVATE_KEY"]),
        ),
        projects=(Project(id="org-abroad"),),
        signatures=(
            SeedSignature(id="SIGB1", content="子丑寅卯", status=ReviewStatus.REJECTED),
            SeedSignature(id="SIGB2", content="天地玄黄", status=ReviewStatus.REJECTED),
        ),
    )
    with running(seed=seed) as sandbox:
        yield sandbox


@pytest.fixture
def world(make_world: MakeWorld, abroad: Sandbox) -> World:
    world = make_world(SIG1=("rejected", "甲乙丙丁"))
    (world.root / "reconciler.toml").write_text(
        "[projects.abroad]\n"
        'project = "org-abroad"\n'
        f'endpoint = "{abroad.url}"\n'
        'public_key_env = "ABROAD_PUBLIC_KEY"\n'
        'private_key_env = "ABROAD_PRIVATE_KEY"\n'
    )
    world.manifest("home", "甲乙丙丁", id="SIG1")
    world.manifest("away/one", "子丑寅卯", id="SIGB1", project="org-abroad")
    world.manifest("away/two", "天地玄黄", id="SIGB2", project="abroad")
    return world


def rows(world: World, **environ: str) -> dict[str, str]:
    document = world.run("plan", "--format", "json", **environ).json
    check_against_schema(document, "plan")
    found = {row["name"]: row["action"] for row in document["changes"]}
    return found | {row["name"]: "error" for row in document["errors"]}


def test_each_is_sent_to_its_own_service_with_its_own_keys(world: World, abroad: Sandbox) -> None:
    plan = world.run("plan", **KEYS)
    assert "Project org-sandbox at " in plan.out
    assert f"\nProject org-abroad at {abroad.url}\n" in plan.out
    assert world.run("apply", "--yes", **KEYS).code == 0
    assert [each.ids for each in world.requests(UPDATE)] == [("SIG1",)]
    sent = [each.ids for each in abroad.log() if each.action == UPDATE]
    assert sorted(sent) == [("SIGB1",), ("SIGB2",)]
    assert "nothing to do" in world.run("plan", **KEYS).out


def test_a_project_is_called_by_its_id_or_by_its_name(world: World) -> None:
    document = world.run("plan", "--format", "json", **KEYS).json
    projects = {row["name"]: row["project"] for row in document["changes"]}
    assert projects == {"home": "org-sandbox", "away/one": "org-abroad", "away/two": "org-abroad"}


@pytest.mark.parametrize(
    "keys", [{}, KEYS | {"ABROAD_PRIVATE_KEY": "wrong"}], ids=["no keys", "wrong keys"]
)
def test_what_is_hopeless_in_one_stops_that_one_alone(world: World, keys: dict[str, str]) -> None:
    assert rows(world, **keys) == {"home": "resubmit", "away/one": "error", "away/two": "error"}
    applied = world.run("apply", "--yes", "--format", "json", **keys)
    assert applied.code == 1
    outcomes = {each["name"]: each["outcome"] for each in applied.json["outcomes"]}
    assert outcomes == {"home": "submitted", "away/one": "failed", "away/two": "failed"}


def test_a_wait_goes_on_for_the_others_and_says_what_is_hopeless(world: World) -> None:
    world.sandbox.review("SIG1", ReviewStatus.PENDING)
    with world.start("status", "--wait", "--interval", "0.1") as process:
        assert process.stderr is not None
        told = {process.stderr.readline().partition(":")[0] for _ in range(2)}
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        _, err = process.communicate(timeout=SECONDS)
    assert told == {"away/one", "away/two"}
    assert process.returncode == 1
    assert "home SIG1: pending, now approved" in err


def test_a_wrong_project_is_asked_for_once(world: World) -> None:
    for number in range(5):
        world.manifest(
            f"lost/{number}", f"第{number}号店铺", id=f"SIGL{number}", project="org-lost"
        )
    found = rows(world, **KEYS)
    assert {found[f"lost/{number}"] for number in range(5)} == {"error"}
    assert found["home"] == "resubmit"
    refused = [each for each in world.sandbox.log() if not each.accepted]
    assert len(refused) <= 8  # as many as may be under way at once


def test_no_project_left_is_one_message(world: World) -> None:
    (world.root / "signatures" / "home.yaml").unlink()
    plan = world.run("plan")
    assert plan.code == 1
    assert plan.err.count("there are no credentials for the project abroad") == 1
    assert "Set ABROAD_PUBLIC_KEY and ABROAD_PRIVATE_KEY" in plan.err


def test_the_main_account_is_not_needed_where_nothing_is_in_it(world: World) -> None:
    (world.root / "signatures" / "home.yaml").unlink()
    none = {"UCLOUD_PUBLIC_KEY": "", "UCLOUD_PRIVATE_KEY": ""}
    assert rows(world, **KEYS, **none) == {"away/one": "resubmit", "away/two": "resubmit"}


def test_no_key_is_ever_printed(world: World) -> None:
    world.run("plan", "--debug", **KEYS)
    world.run("apply", "--yes", "--debug", **KEYS)
    heard = "".join(world.heard)
    assert KEYS["ABROAD_PRIVATE_KEY"] not in heard
    assert "sandbox-private-key" not in heard

"""`doctor` finds what is wrong before a run does, and says what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.sandbox.seed import Account, Project, Seed
from reconciler.sandbox.server import running
from tests.integration.conftest import MakeWorld
from tests.integration.gateway_setup import CREDENTIALS
from tests.integration.scripted_server import ScriptedServer, answer
from tests.integration.test_main_job import check_against_schema
from tests.integration.world import World

SECRET = "sandbox-private-key-not-a-real-one"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = make_world(SIG1=("approved", "甲乙丙丁"))
    world.manifest("shop", "甲乙丙丁", id="SIG1")
    return world


def checks(world: World, code: int = 0, **environ: str) -> dict[str, list[dict[str, Any]]]:
    """By name, every check of that name."""
    done = world.run("doctor", "--format", "json", **environ)
    assert done.code == code, done.out
    check_against_schema(done.json, "doctor")
    found: dict[str, list[dict[str, Any]]] = {}
    for each in done.json["checks"]:
        found.setdefault(each["name"], []).append(each)
    assert SECRET not in done.out + done.err
    return found


def levels(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {name: [each["level"] for each in rows] for name, rows in found.items()}


def test_all_is_well_and_nothing_is_written(world: World) -> None:
    found = checks(world)
    assert levels(found) == {
        "settings": ["ok"],
        "manifests": ["ok"],
        "proxy": ["ok"],
        "connection": ["ok"],
        "tls": ["ok"],
        "clock": ["ok"],
        "credentials": ["ok"],
        "project": ["ok"],
        "state": ["ok"],
        "git": ["warning"],  # a scratch folder is no repository
    }
    assert found["credentials"][0]["summary"] == "from environment; the service takes them"
    assert [entry.action for entry in world.sandbox.log()] == ["GetProjectList"]
    assert not (world.root / ".reconciler").exists()


def test_a_sub_account_without_a_project_gets_the_list_to_choose_from(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    account = Account(public_key="sub", private_key=SECRET, sub_account=True, projects=("org-b",))
    projects = (Project(id="org-a", name="A"), Project(id="org-b", name="Brands"))
    with running(seed=Seed(accounts=(account,), projects=projects)) as sandbox:
        world.environ |= {
            "UCLOUD_API_BASE_URL": sandbox.url,
            "UCLOUD_PUBLIC_KEY": "sub",
            "UCLOUD_PRIVATE_KEY": SECRET,
        }
        (none,) = checks(world, 1, UCLOUD_PROJECT_ID="")["project"]
        (wrong,) = checks(world, 1, UCLOUD_PROJECT_ID="org-a")["project"]
    assert (none["level"], "org-b (Brands)" in none["summary"]) == ("error", True)
    assert "cannot use org-a; they can use org-b (Brands)" in wrong["summary"]


def test_keys_that_are_wrong_or_missing_are_told_and_the_rest_is_checked(world: World) -> None:
    wrong = checks(world, 1, UCLOUD_PRIVATE_KEY="wrong")
    assert "171" in wrong["credentials"][0]["summary"]
    missing = checks(world, 1, UCLOUD_PUBLIC_KEY="", UCLOUD_PRIVATE_KEY="")
    assert missing["credentials"][0]["level"] == "error"
    assert missing["connection"][0]["level"] == "ok"


def test_nobody_there_is_told_with_what_to_check(world: World) -> None:
    found = checks(world, 1, UCLOUD_API_BASE_URL="http://127.0.0.1:9")
    assert "connection refused" in found["connection"][0]["summary"]
    assert "UCLOUD_API_BASE_URL" in found["connection"][0]["advice"]
    assert levels(found)["credentials"] == ["warning"]
    assert "clock" not in found


def test_a_service_that_is_busy_is_no_fault_of_the_keys(world: World) -> None:
    world.sandbox.add_fault("GetProjectList:throttle")
    found = checks(world)
    assert levels(found)["connection"] + levels(found)["credentials"] == ["ok", "warning"]
    assert "RetCode 153" in found["credentials"][0]["summary"]


def test_somebody_else_at_the_address_is_an_error(world: World) -> None:
    world.sandbox.add_fault("GetProjectList:http503")
    found = checks(world, 1)
    assert "does not answer as the service: HTTP 503" in found["connection"][0]["summary"]


def test_a_clock_that_is_wrong_is_a_warning(world: World) -> None:
    body = b'{"RetCode": 0, "ProjectSet": [{"ProjectId": "org-sandbox", "ProjectName": "S"}]}'
    reply = answer(body, Date="Thu, 01 Jan 2026 00:00:00 GMT")
    with ScriptedServer(reply) as server:
        found = checks(world, UCLOUD_API_BASE_URL=server.url)
    assert found["clock"][0]["level"] == "warning"
    assert "ahead of the service" in found["clock"][0]["summary"]


@pytest.mark.parametrize("date", ["yesterday", "Thu, 01 Jan 2026 00:00:00 -0000"])
def test_a_date_that_nobody_understands_is_none(world: World, date: str) -> None:
    with ScriptedServer(answer(b'{"RetCode": 0, "ProjectSet": 1}', Date=date)) as server:
        found = checks(world, 1, UCLOUD_API_BASE_URL=server.url)
    assert "does not say" in found["clock"][0]["summary"]
    assert found["project"][0]["level"] == "error"


def test_a_credential_file_that_everybody_can_read_is_a_warning(world: World) -> None:
    home = world.root / "home" / ".ucloud"
    home.mkdir(parents=True)
    file = home / "credential.json"
    keys = {"public_key": CREDENTIALS.public_key, "private_key": SECRET}
    file.write_text(json.dumps([{"profile": "default", **keys}]))
    file.chmod(0o644)
    found = checks(world, 1, UCLOUD_PUBLIC_KEY="", UCLOUD_PRIVATE_KEY="")
    assert levels(found)["credentials"] == ["error", "warning"]
    assert "chmod 600" in found["credentials"][1]["summary"]


def test_settings_that_make_no_sense_are_told_first(world: World) -> None:
    (world.root / "reconciler.toml").write_text("parallelism = 0\n")
    found = checks(world, 1)
    assert levels(found) == {"settings": ["error"], "git": ["warning"]}


def test_a_state_of_a_runner_an_open_application_and_bad_manifests_are_warnings(
    world: World,
) -> None:
    world.manifest("new", "子丑寅卯", description="Login codes")
    world.sandbox.add_fault("CreateUSMSSignature:drop-before:always")
    world.run("apply", "--yes")
    world.manifest("bad", "天地玄黄", type="brand")
    found = checks(world, CI="true")
    assert levels(found)["manifests"] == ["warning"]
    assert [each["level"] for each in found["state"]] == ["ok", "warning", "warning"]
    assert "without a known end" in found["state"][1]["summary"]


def test_a_damaged_state_and_a_missing_folder_are_told(world: World) -> None:
    world.run("apply", "--yes")
    (world.root / ".reconciler" / "state" / "SIG1.json").write_text("{")
    (world.root / "signatures" / "shop.yaml").unlink()
    (world.root / "signatures").rmdir()
    found = checks(world, 1)
    assert levels(found)["state"] == ["error"]
    assert "no signatures/" in found["manifests"][0]["summary"]


def test_every_account_is_checked(world: World) -> None:
    (world.root / "reconciler.toml").write_text(
        "[projects.abroad]\n"
        'project = "org-abroad"\n'
        'endpoint = "http://127.0.0.1:9"\n'
        'public_key_env = "A"\nprivate_key_env = "B"\n'
    )
    found = checks(world, 1, A="a", B="b")
    assert levels(found)["connection"] == ["ok", "error"]


def test_the_text_has_a_line_a_check_and_the_counts_last(world: World) -> None:
    done = world.run("doctor")
    assert done.out.splitlines()[0].startswith("ok       settings     project org-sandbox")
    assert done.out.splitlines()[-1] == "Doctor: 9 ok, 1 warning"

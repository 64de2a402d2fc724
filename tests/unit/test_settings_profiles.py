"""Profile files of UCloud's own tools: which profile counts, and what is said of a damaged file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.errors import CredentialsError
from reconciler.settings import environment
from reconciler.settings.values import Flags
from tests.unit.settings_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_values_that_the_official_tools_leave_empty_count_as_not_set(world: World) -> None:
    empty = {"project_id": "", "base_url": "", "timeout_sec": 0, "region": ""}
    world.profiles({"profile": "default", "active": True, **empty})

    assert set(world.resolve().sources.values()) == {"default"}


@pytest.mark.parametrize("value", [[], {}, "soon", True])
def test_a_wrong_value_in_a_profile_is_named(world: World, value: object) -> None:
    world.profiles({"profile": "p", "active": True, "timeout_sec": value})

    assert world.error().summary.startswith("profile p in ~/.ucloud/config.json: timeout must be")


SDK = (
    {
        "project_id": "org-one",
        "region": "cn-bj2",
        "zone": "cn-bj2-02",
        "base_url": "https://api.ucloud.cn",
        "timeout_sec": 15,
        "profile": "default",
        "active": False,
    },
    {
        "project_id": "org-two",
        "region": "cn-sh2",
        "zone": "cn-sh2-02",
        "base_url": "https://api.ucloud-global.com",
        "timeout_sec": 30,
        "profile": "shop",
        "active": True,
    },
)
"""As the official Go SDK and the command line tool write it."""


@pytest.mark.parametrize(
    ("flag", "variable", "project", "timeout"),
    [
        (None, None, "org-two", 30.0),
        (None, "default", "org-one", 15.0),
        ("default", None, "org-one", 15.0),
        ("shop", "default", "org-two", 30.0),
    ],
)
def test_a_profile_is_chosen_by_flag_then_variable_then_by_being_active(
    world: World, flag: str | None, variable: str | None, project: str, timeout: float
) -> None:
    world.profiles(*SDK)
    world.environ["UCLOUD_PROFILE"] = variable or ""
    settings = world.resolve(Flags(profile=flag))

    assert (settings.project, settings.timeout) == (project, timeout)


def test_where_no_profile_is_active_the_one_called_default_counts(world: World) -> None:
    world.profiles(SDK[0], {**SDK[1], "active": False})

    assert world.resolve().project == "org-one"


def test_several_active_profiles_are_refused_unless_one_is_named(world: World) -> None:
    world.profiles({**SDK[0], "active": True}, SDK[1])

    assert world.error().summary == ("~/.ucloud/config.json: 2 profiles are active: default, shop")
    assert world.resolve(Flags(profile="shop")).project == "org-two"


def test_a_missing_profile_is_refused_with_those_there_are(world: World) -> None:
    world.profiles(*SDK)
    world.profiles({"profile": "keys"}, {"profile": "shop"}, name="credential.json")
    error = world.error(Flags(profile="shpo"))

    assert error.summary == "there is no profile 'shpo'"
    assert error.advice == "There are: default, shop, keys."


def test_a_missing_profile_is_refused_where_there_are_none(world: World) -> None:
    assert world.error(Flags(profile="shop")).advice == "There are no profiles in ~/.ucloud."


def test_a_profile_may_stand_in_the_credential_file_alone(world: World) -> None:
    world.profiles(*SDK)
    world.profiles({"profile": "keys"}, name="credential.json")

    assert world.resolve(Flags(profile="keys")).project is None


def test_the_variable_names_another_config_file(world: World) -> None:
    world.profiles(SDK[1], name="other.json")
    world.environ[environment.CONFIG_FILE] = "~/.ucloud/other.json"
    assert world.resolve().project == "org-two"

    world.environ[environment.CONFIG_FILE] = str(world.home / ".ucloud" / "other.json")
    assert world.resolve().project == "org-two"


def test_a_file_that_a_variable_names_must_be_there(world: World) -> None:
    world.environ[environment.CONFIG_FILE] = "nowhere/config.json"

    with pytest.raises(CredentialsError) as raised:
        world.resolve()

    assert raised.value.summary == "nowhere/config.json: there is no such file"
    assert raised.value.advice == "UCLOUD_SHARED_CONFIG_FILE names it."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'[\n  {"profile" "x"}]', "~/.ucloud/config.json:2:14: not valid JSON: Expecting ':'"),
        (b'[\n"\xff"]', "~/.ucloud/config.json:2: not UTF-8"),
        (b'{"profile": "x"}', "~/.ucloud/config.json: not a list of profiles"),
        (b"[3]", '~/.ucloud/config.json: profile 1 of the list has no "profile"'),
        (b'[{"profile": "x"}, {}]', '~/.ucloud/config.json: profile 2 of the list has no "pro'),
        (b"[" * 200_000, "~/.ucloud/config.json: not valid JSON"),
        (b"[1" + b"0" * 5000 + b"]", "~/.ucloud/config.json: not valid JSON"),
        (b"", "~/.ucloud/config.json:1:1: not valid JSON"),
    ],
)
def test_a_damaged_profile_file_is_named_with_its_place(
    world: World, data: bytes, words: str
) -> None:
    (world.home / ".ucloud" / "config.json").write_bytes(data)

    with pytest.raises(CredentialsError) as raised:
        world.resolve()

    assert raised.value.summary.startswith(words)
    assert "JSON list of profiles" in raised.value.advice


def test_a_profile_file_with_a_byte_order_mark_is_fine(world: World) -> None:
    text = "\ufeff" + json.dumps(SDK)
    (world.home / ".ucloud" / "config.json").write_text(text, encoding="utf-8")

    assert world.resolve().project == "org-two"


def test_a_profile_file_that_cannot_be_read_is_said_so(world: World) -> None:
    (world.home / ".ucloud" / "config.json").mkdir()

    with pytest.raises(CredentialsError, match=r"config\.json: cannot be read: "):
        world.resolve()

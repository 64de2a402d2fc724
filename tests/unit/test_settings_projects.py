"""Projects with a service or an account of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import CredentialsError
from reconciler.gateway.credentials import Credentials
from reconciler.settings.credentials import credentials_of
from reconciler.settings.values import Flags, ProjectSettings
from tests.unit.settings_world import World

ABROAD = """
[projects.abroad]
project = "org-abroad"
endpoint = "http://127.0.0.1:1/"
public_key_env = "ABROAD_PUBLIC"
private_key_env = "ABROAD_PRIVATE"
security_token_env = "ABROAD_TOKEN"
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_project_has_an_endpoint_and_keys_of_its_own(world: World) -> None:
    world.toml(ABROAD)
    assert world.resolve().projects == (
        ProjectSettings(
            name="abroad",
            id="org-abroad",
            endpoint="http://127.0.0.1:1",
            public_key_env="ABROAD_PUBLIC",
            private_key_env="ABROAD_PRIVATE",
            security_token_env="ABROAD_TOKEN",
        ),
    )


def test_a_table_without_an_id_is_called_by_it(world: World) -> None:
    world.toml("[projects.org-abroad]\nendpoint = 'http://127.0.0.1:1'")
    (project,) = world.resolve().projects
    assert (project.name, project.id) == ("org-abroad", "org-abroad")


def test_name_and_id_mean_the_same_project(world: World) -> None:
    world.toml(ABROAD)
    settings = world.resolve(Flags(project="abroad"))
    assert settings.project == "org-abroad"
    assert [settings.project_id(word) for word in ("abroad", "org-abroad", "org-else")] == [
        "org-abroad",
        "org-abroad",
        "org-else",
    ]


def test_only_endpoints_of_their_own_are_listed(world: World) -> None:
    world.toml(f"{ABROAD}\n[projects.org-plain]")
    assert world.resolve().endpoints == {"org-abroad": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("text", "words", "advice"),
    [
        ("projects = 1", "projects must be a table of tables", "Such as"),
        ("projects.shop = 1", "projects must be a table of tables, and shop is none", "Such as"),
        ("[projects.'a b']", 'must be a project id such as org-xxxxxx, not "a b"', ""),
        ("[projects.shop]\nproject = 1", "projects table shop: project must be", ""),
        ("[projects.shop]\nendpont = 'x'", "shop: there is no setting 'endpont'", "endpoint?"),
        ("[projects.shop]\nzzz = 'x'", "shop: there is no setting 'zzz'", "There are: project,"),
        (
            "[projects.shop]\npublic_key_env = 'A'",
            "shop: public_key_env is set, but private_key_env is not",
            "Set both",
        ),
        (
            "[projects.shop]\nsecurity_token_env = 'A'",
            "shop: security_token_env is set, but public_key_env is not",
            "Set both",
        ),
        (
            "[projects.a]\nproject = 'org-1'\n[projects.b]\nproject = 'org-1'",
            "tables a and b are about the same project, org-1",
            "Keep one",
        ),
        (
            "[projects.a]\nproject = 'b'\n[projects.b]\nproject = 'org-1'",
            "table b has the name that is the id of a",
            "otherwise",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, text: str, words: str, advice: str) -> None:
    world.toml(text)
    error = world.error()
    assert words in error.summary
    assert advice in error.advice
    assert error.summary.startswith("reconciler.toml:1:")


def test_a_key_in_the_place_of_its_variable_is_not_repeated(world: World) -> None:
    world.toml("[projects.shop]\npublic_key_env = 'A'\nprivate_key_env = 'secret+key/1'")
    error = world.error()
    assert "private_key_env must be the name of an environment variable" in error.summary
    assert "secret" not in f"{error.summary} {error.advice}"


class TestKeys:
    def project(self, world: World) -> ProjectSettings:
        world.toml(ABROAD)
        (project,) = world.resolve().projects
        return project

    def test_come_from_the_variables_that_the_settings_name(self, world: World) -> None:
        environ = {"ABROAD_PUBLIC": "pub", "ABROAD_PRIVATE": "priv", "ABROAD_TOKEN": "tok"}
        found = credentials_of(self.project(world), environ)
        assert found is not None
        assert found.credentials == Credentials(
            public_key="pub", private_key="priv", security_token="tok"
        )
        assert found.source == "environment (ABROAD_PUBLIC, ABROAD_PRIVATE)"

    def test_that_are_missing_are_named_by_their_variables(self, world: World) -> None:
        with pytest.raises(CredentialsError, match=r"project abroad \(org-abroad\)") as raised:
            credentials_of(self.project(world), {"ABROAD_PUBLIC": "pub"})
        assert "Set ABROAD_PRIVATE, which" in raised.value.advice

    def test_of_all_others_serve_a_project_that_names_none(self, world: World) -> None:
        assert credentials_of(ProjectSettings(name="shop", id="org-1"), {}) is None

"""Settings: where each comes from, which place wins, and what is said when one is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from reconciler.settings import environment, repository
from reconciler.settings.values import NO_FLAGS, Flags, Settings
from tests.unit.settings_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_without_anything_the_defaults_of_the_contract_hold(world: World) -> None:
    settings = world.resolve()

    assert (settings.project, settings.endpoint) == (None, "https://api.sms.ucloud.cn")
    assert (settings.max_submissions, settings.parallelism) == (20, 8)
    assert (settings.requests_per_second, settings.timeout) == (None, 60.0)
    assert (settings.encoding, settings.state) == ("json", "file:.reconciler/state")
    assert settings.rules == {}
    assert set(settings.sources.values()) == {"default"}


def test_every_setting_has_a_key_and_a_source(world: World) -> None:
    names = {field.name for field in fields(Settings)} - {"sources"}

    assert set(repository.KEYS) == names
    assert set(world.resolve().sources) == names


EVERYTHING = """
project = "org-kept"
endpoint = "http://127.0.0.1:8080/"
max_submissions = 0
parallelism = 1
requests_per_second = 2
timeout = 1.5
encoding = "form"
state = "file:///var/lib/reconciler"

[rules]
USMS101 = "off"

[projects.abroad]
project = "org-abroad"
"""


@pytest.mark.parametrize("name", ["reconciler.toml", "pyproject.toml"])
def test_both_files_of_a_repository_take_the_same_keys(world: World, name: str) -> None:
    table = "[tool.reconciler]" if name == "pyproject.toml" else ""
    below = "[tool.reconciler." if name == "pyproject.toml" else "["
    text = EVERYTHING.replace("[rules", f"{below}rules").replace("[projects", f"{below}projects")
    world.toml(table + text, name)
    settings = world.resolve()

    assert (settings.project, settings.endpoint) == ("org-kept", "http://127.0.0.1:8080")
    assert (settings.max_submissions, settings.parallelism) == (0, 1)
    assert (settings.requests_per_second, settings.timeout) == (2.0, 1.5)
    assert (settings.encoding, settings.state) == ("form", "file:///var/lib/reconciler")
    assert settings.rules == {"USMS101": "off"}
    assert [each.id for each in settings.projects] == ["org-abroad"]
    assert set(settings.sources.values()) == {name}


def test_flags_beat_the_environment_beats_the_repository_beats_the_profile(world: World) -> None:
    world.profiles({"profile": "p", "active": True, "project_id": "org-profile"})
    seen = [world.resolve().project]
    world.toml('project = "org-kept"')
    seen.append(world.resolve().project)
    world.environ["UCLOUD_PROJECT_ID"] = "org-environment"
    seen.append(world.resolve().project)
    settings = world.resolve(Flags(project="org-flag"))

    assert [*seen, settings.project] == ["org-profile", "org-kept", "org-environment", "org-flag"]
    assert settings.sources["project"] == "--project"


def test_sources_name_the_place_for_each_kind_of_place(world: World) -> None:
    world.profiles({"profile": "p", "active": True, "base_url": "https://api.ucloud.cn/"})
    world.toml("parallelism = 2")
    world.environ["UCLOUD_TIMEOUT_SECOND"] = " 30\n"
    settings = world.resolve(Flags(max_submissions=1))

    assert settings.endpoint == "https://api.ucloud.cn"
    assert settings.timeout == 30.0
    assert settings.sources == {
        "project": "default",
        "endpoint": "profile p in ~/.ucloud/config.json",
        "max_submissions": "--max-submissions",
        "parallelism": "reconciler.toml",
        "requests_per_second": "default",
        "timeout": "UCLOUD_TIMEOUT_SECOND",
        "encoding": "default",
        "state": "default",
        "rules": "default",
        "projects": "default",
    }


def test_an_empty_variable_counts_as_not_set(world: World) -> None:
    names = ("UCLOUD_PROJECT_ID", "UCLOUD_API_BASE_URL", "UCLOUD_TIMEOUT_SECOND", "UCLOUD_PROFILE")
    world.environ.update(dict.fromkeys(names, " "))
    world.environ.update({environment.CONFIG_FILE: "", environment.CREDENTIAL_FILE: ""})

    assert world.resolve() == Settings(sources=world.resolve().sources)


def test_the_region_has_no_effect(world: World) -> None:
    plain = world.resolve()
    world.environ[environment.REGION] = "cn-bj2"

    assert world.resolve() == plain


@pytest.mark.parametrize(
    ("line", "column", "words", "advice"),
    [
        ("max_submission = 3", 1, "there is no setting 'max_submission'", "max_submissions?"),
        ('"time-out" = 3', 2, "there is no setting 'time-out'", "Did you mean timeout?"),
        ("zzz = 3", 1, "there is no setting 'zzz'", "There are: project, endpoint"),
        ("projects.shop.endpoint = 'x'", 1, "projects table shop: endpoint must be", ""),
        ("project = 3", 1, "project must be a project id such as org-xxxxxx, not 3", ""),
        ("project = 'a b'", 1, 'project must be a project id such as org-xxxxxx, not "a b"', ""),
        ("project = ''", 1, 'project must be a project id such as org-xxxxxx, not ""', ""),
        ("endpoint = 1", 1, "endpoint must be a URL", ""),
        ("endpoint = 'ftp://x'", 1, "endpoint must be an http or https URL such as", ""),
        ("endpoint = 'https://'", 1, "endpoint must be an http or https URL", ""),
        ("endpoint = 'https://[x'", 1, "endpoint must be an http or https URL", ""),
        ("endpoint = 'https://x:99999'", 1, "endpoint must be an http or https URL", ""),
        ("endpoint = 'https://x?a=b'", 1, "endpoint must be an http or https URL", ""),
        ("endpoint = 'https://x#a'", 1, "endpoint must be an http or https URL", ""),
        ("max_submissions = -1", 1, "max_submissions must be a whole number, 0 or more", ""),
        ("max_submissions = 2.5", 1, "0 or more, not 2.5", ""),
        ("max_submissions = true", 1, "0 or more, not true", ""),
        ("parallelism = 0", 1, "parallelism must be a whole number from 1 to 256, not 0", ""),
        ("parallelism = 257", 1, "parallelism must be a whole number from 1 to 256", ""),
        ("requests_per_second = 0", 1, "requests_per_second must be a number above 0", ""),
        ("requests_per_second = inf", 1, "requests_per_second must be a number above 0", ""),
        ("requests_per_second = nan", 1, "requests_per_second must be a number above 0", ""),
        ("timeout = '60s'", 1, "timeout must be a number of seconds above 0, at most 86400", ""),
        ("timeout = 86401", 1, "timeout must be a number of seconds above 0", ""),
        ("timeout = false", 1, "timeout must be a number of seconds above 0", ""),
        ("timeout = 2026-01-01", 1, 'at most 86400, not "2026-01-01"', ""),
        ("encoding = 'JSON'", 1, 'encoding must be json or form, not "JSON"', "mean json?"),
        ("encoding = []", 1, "encoding must be json or form, not []", ""),
        ("state = 1", 1, "state must be a URL such as file:.reconciler/state, not 1", ""),
        ("state = 'here'", 1, "state must be a URL such as file:.reconciler/state", "Use file:"),
        ("state = 'git:x#main'", 1, "state names no ref: 'main'", "git:x#refs/reconciler/state"),
        ("state = 's3:x'", 1, "state names an unknown backend, s3:", "Use file:"),
        ("state = 'file:'", 1, "state names no directory", "Use file:"),
        ("state = 'file://server/x'", 1, "state names a host", "Use file:"),
        ("state = 'file://localhost'", 1, "state names a host", "Use file:"),
        ("rules = 1", 1, "rules must be a table, not 1", ""),
        (f"project = '{'x' * 70} '", 1, "x…", ""),
    ],
)
def test_a_wrong_setting_is_named_with_file_line_and_column(
    world: World, line: str, column: int, words: str, advice: str
) -> None:
    world.toml(f"# settings\n\n{line}\n")
    error = world.error()

    assert error.summary.startswith(f"reconciler.toml:3:{column}: ")
    assert words in error.summary
    assert advice in error.advice


def test_a_password_in_an_address_is_refused_and_not_repeated(world: World) -> None:
    world.environ["UCLOUD_API_BASE_URL"] = "https://me:hunter2@sms.example"
    error = world.error()

    assert "without a user name or password" in error.summary
    assert "hunter2" not in f"{error} {error.summary} {error.advice}"


@pytest.mark.parametrize(
    ("flags", "environ", "place"),
    [
        (Flags(timeout=0), {}, "--timeout: timeout must be"),
        (Flags(requests_per_second=-1), {}, "--requests-per-second: requests_per_second must be"),
        (Flags(project=""), {}, "--project: project must be"),
        (NO_FLAGS, {"UCLOUD_TIMEOUT_SECOND": "1e3"}, "UCLOUD_TIMEOUT_SECOND: timeout must be"),
        (NO_FLAGS, {"UCLOUD_TIMEOUT_SECOND": "-1"}, "UCLOUD_TIMEOUT_SECOND: timeout must be"),
        (NO_FLAGS, {"UCLOUD_TIMEOUT_SECOND": "9" * 400}, "UCLOUD_TIMEOUT_SECOND: timeout must be"),
        (NO_FLAGS, {"UCLOUD_API_BASE_URL": "sms.example"}, "UCLOUD_API_BASE_URL: endpoint must"),
    ],
)
def test_a_wrong_flag_or_variable_is_named(
    world: World, flags: Flags, environ: dict[str, str], place: str
) -> None:
    world.environ.update(environ)

    assert world.error(flags).summary.startswith(place)


def test_everything_that_is_wrong_is_said_at_once(world: World) -> None:
    world.toml("parallelism = 0\nfoo = 1\nencoding = 'from'\n")
    world.environ["UCLOUD_TIMEOUT_SECOND"] = "soon"
    error = world.error()

    assert error.summary == "4 settings do not make sense"
    assert [line.split(": ")[0] for line in error.advice.split("\n")] == [
        "reconciler.toml:2:1",
        "reconciler.toml:1:1",
        "UCLOUD_TIMEOUT_SECOND",
        "reconciler.toml:3:1",
    ]
    assert error.advice.endswith('must be json or form, not "from". Did you mean form?')


def test_a_value_that_is_overridden_must_still_make_sense(world: World) -> None:
    world.toml("timeout = 'long'")

    assert world.error(Flags(timeout=5)).summary.startswith("reconciler.toml:1:1: timeout must be")


def test_settings_in_both_files_are_refused_by_the_names_of_both(world: World) -> None:
    world.toml("timeout = 1")
    world.toml("[tool.reconciler]\ntimeout = 1", "pyproject.toml")
    error = world.error()

    assert error.summary == "pyproject.toml and reconciler.toml both hold settings of reconciler"
    assert error.exit_code == 64


@pytest.mark.parametrize(
    ("pyproject", "own"),
    [
        ("[tool.reconciler]\ntimeout = 1", "# nothing yet\n"),
        ("[project]\nname = 'x'\n[tool.other]\na = 1", "timeout = 1"),
        ("tool = 3", "timeout = 1"),
        ("[tool.reconciler]", "timeout = 1"),
    ],
)
def test_a_file_without_settings_does_not_count(world: World, pyproject: str, own: str) -> None:
    world.toml(pyproject, "pyproject.toml")
    world.toml(own)

    assert world.resolve().timeout == 1.0


def test_a_table_that_is_none_is_refused(world: World) -> None:
    world.toml("[tool]\nreconciler = 3", "pyproject.toml")

    assert world.error().summary == "pyproject.toml: [tool.reconciler] must be a table"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 1\nb = = 2\n", "reconciler.toml:2:5: not valid TOML: "),
        ("a = [1,\n2", "reconciler.toml:2:2: not valid TOML: "),
        ("a = 1" + "0" * 5000, "reconciler.toml: not valid TOML: "),
        ("a = " + "[" * 100_000, "reconciler.toml: nested too deeply"),
    ],
)
def test_broken_toml_is_named_with_its_place(world: World, text: str, place: str) -> None:
    world.toml(text)

    assert world.error().summary.startswith(place)


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(world: World) -> None:
    (world.root / "reconciler.toml").write_bytes(b"# fine\nproject = '\xff'\n")

    assert world.error().summary == "reconciler.toml:2: not UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_fine(world: World) -> None:
    world.toml("\ufefftimeout = 2\r\nparallelism = 3\r\n")

    assert (world.resolve().timeout, world.resolve().parallelism) == (2.0, 3)


def test_a_file_that_cannot_be_read_is_said_so(world: World) -> None:
    (world.root / "reconciler.toml").mkdir()

    assert world.error().summary.startswith("reconciler.toml: cannot be read: ")

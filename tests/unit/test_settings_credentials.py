"""Credentials: where they are found, what is said when they are not, and that they never leak."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest
from ucloud.client import Client

from reconciler.errors import CredentialsError, ReconcilerError, UsageError
from reconciler.settings.credentials import FoundCredentials, credentials
from reconciler.settings.resolve import resolve
from reconciler.settings.values import NO_FLAGS, Flags

SECRETS = ("secret-default", "secret-shop", "secret-environment", "secret-token")
CONFIG = (
    {"profile": "default", "active": False, "project_id": "org-one"},
    {"profile": "shop", "active": True, "project_id": "org-two"},
)
KEYS = (
    {"public_key": "public-default", "private_key": "secret-default", "profile": "default"},
    {"public_key": "public-shop", "private_key": "secret-shop", "profile": "shop"},
)
"""As the official Go SDK and the command line tool write it."""
ENVIRON = {"UCLOUD_PUBLIC_KEY": "public-environment", "UCLOUD_PRIVATE_KEY": "secret-environment"}


class Home:
    """A home directory with profile files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / ".ucloud").mkdir()

    def write(self, value: Any, name: str = "credential.json", mode: int = 0o600) -> Path:
        """Write one file: bytes as they are, anything else as JSON."""
        file = self.path / ".ucloud" / name
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        file.write_bytes(data)
        file.chmod(mode)
        return file

    def found(
        self, environ: dict[str, str] | None = None, flags: Flags = NO_FLAGS
    ) -> FoundCredentials:
        """The credentials."""
        return credentials(flags, environ or {}, self.path)

    def error(
        self, environ: dict[str, str] | None = None, flags: Flags = NO_FLAGS
    ) -> ReconcilerError:
        """What is said when there are none; it never holds a secret."""
        with pytest.raises(ReconcilerError) as raised:
            self.found(environ, flags)
        error = raised.value
        said = f"{error!r} {error.summary} {error.advice} {chain(error)}"
        assert not [secret for secret in SECRETS if secret in said]
        return error


def chain(error: BaseException) -> str:
    """The traceback with the local variables of every frame of ours and every cause."""
    frames = traceback.TracebackException.from_exception(error)
    causes = [each for each in (error.__cause__, error.__context__) if each is not None]
    return "".join(frames.format()) + "".join(repr(vars(cause)) for cause in causes)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_the_environment_is_enough(home: Home) -> None:
    found = home.found({**ENVIRON, "UCLOUD_SECURITY_TOKEN": "secret-token"})

    assert found.credentials.public_key == "public-environment"
    assert found.credentials.private_key == "secret-environment"
    assert found.credentials.security_token == "secret-token"
    assert (found.source, found.warnings) == ("environment", ())


def test_spaces_around_a_key_are_dropped(home: Home) -> None:
    found = home.found({**ENVIRON, "UCLOUD_PRIVATE_KEY": " secret-environment\n"})

    assert found.credentials.private_key == "secret-environment"


def test_the_active_profile_is_used_when_nothing_else_is_said(home: Home) -> None:
    home.write(CONFIG, "config.json")
    home.write(KEYS)
    found = home.found()

    assert found.credentials.public_key == "public-shop"
    assert found.credentials.private_key == "secret-shop"
    assert found.credentials.security_token is None
    assert found.source == "profile shop in ~/.ucloud/credential.json"


def test_without_a_config_file_the_profile_called_default_counts(home: Home) -> None:
    home.write(KEYS)

    assert home.found().credentials.public_key == "public-default"


@pytest.mark.parametrize(
    ("flag", "variable", "environ", "public"),
    [
        (None, "default", {}, "public-default"),
        ("default", None, {}, "public-default"),
        ("default", "shop", {}, "public-default"),
        (None, "default", ENVIRON, "public-environment"),
        ("default", None, ENVIRON, "public-default"),
    ],
)
def test_a_profile_by_flag_beats_the_environment_beats_a_profile_by_variable(
    home: Home, flag: str | None, variable: str | None, environ: dict[str, str], public: str
) -> None:
    home.write(CONFIG, "config.json")
    home.write(KEYS)
    found = home.found({**environ, "UCLOUD_PROFILE": variable or ""}, Flags(profile=flag))

    assert found.credentials.public_key == public


def test_a_named_profile_without_keys_leaves_them_to_the_environment(home: Home) -> None:
    home.write(CONFIG, "config.json")

    assert home.found(ENVIRON, Flags(profile="shop")).source == "environment"


def test_a_temporary_key_in_a_profile_brings_its_token(home: Home) -> None:
    home.write([{**KEYS[0], "security_token": "secret-token"}])

    assert home.found().credentials.security_token == "secret-token"


def test_a_token_of_the_environment_is_not_mixed_with_keys_of_a_file(home: Home) -> None:
    home.write(KEYS)
    found = home.found({"UCLOUD_SECURITY_TOKEN": "secret-token"})

    assert found.credentials.security_token is None
    assert found.warnings == (
        "UCLOUD_SECURITY_TOKEN is not used, since the keys come from ~/.ucloud/credential.json",
    )


@pytest.mark.parametrize("missing", ["UCLOUD_PUBLIC_KEY", "UCLOUD_PRIVATE_KEY"])
def test_half_a_pair_is_an_error_that_names_the_other_half(home: Home, missing: str) -> None:
    home.write(KEYS)
    (present,) = ENVIRON.keys() - {missing}
    error = home.error({**ENVIRON, missing: ""})

    assert error.summary == f"{present} is set, but {missing} is not"


def test_a_file_that_everybody_can_read_is_a_warning(home: Home) -> None:
    home.write(KEYS, mode=0o644)

    assert home.found().warnings == (
        "~/.ucloud/credential.json can be read by every user of this machine: "
        "chmod 600 ~/.ucloud/credential.json",
    )


def test_another_file_is_read_where_the_variable_says_so(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(KEYS), encoding="utf-8")
    file.chmod(0o600)
    found = home.found({"UCLOUD_SHARED_CREDENTIAL_FILE": str(file)})

    assert found.source == f"profile default in {file}"


def test_a_missing_file_that_the_variable_names_is_an_error(home: Home) -> None:
    error = home.error({"UCLOUD_SHARED_CREDENTIAL_FILE": "nowhere.json"})

    assert error.summary == "nowhere.json: there is no such file"


@pytest.mark.parametrize(
    ("keys", "config", "words"),
    [
        (None, None, "~/.ucloud/credential.json: there is no such file."),
        ([], None, "~/.ucloud/credential.json: it holds no profile."),
        (
            KEYS[1:],
            None,
            "it has no profile default; choose one with --profile or UCLOUD_PROFILE: shop.",
        ),
        (
            [{"profile": "shop", "public_key": "p", "private_key": ""}],
            CONFIG,
            "its profile shop lacks a public_key or a private_key.",
        ),
        (
            [{"profile": "shop", "private_key": "secret-shop"}],
            CONFIG,
            "its profile shop lacks a public_key or a private_key.",
        ),
    ],
)
def test_without_credentials_every_place_is_named_with_what_to_set(
    home: Home, keys: Any, config: Any, words: str
) -> None:
    for value, name in ((keys, "credential.json"), (config, "config.json")):
        if value is not None:
            home.write(value, name)
    error = home.error()

    assert isinstance(error, CredentialsError)
    assert error.summary == "there are no credentials"
    assert error.exit_code == 1
    assert words in error.advice
    assert "UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY are not set" in error.advice
    assert "Set UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY" in error.advice


def test_a_missing_profile_is_refused_with_those_there_are(home: Home) -> None:
    home.write(CONFIG, "config.json")
    home.write(KEYS)
    error = home.error(ENVIRON, Flags(profile="shpo"))

    assert isinstance(error, UsageError)
    assert error.advice == "There are: default, shop."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'[{"private_key": "secret-shop",\n  "profile" }]', ":2:13: not valid JSON: Expecting"),
        (b'[{"private_key": "secret-shop"}]', ': profile 1 of the list has no "profile"'),
        (b'{"private_key": "secret-shop"}', ": not a list of profiles"),
        (b'["secret-shop\xff"]', ":1: not UTF-8"),
        (
            b'[{"profile": "default", "private_key": ["secret-shop"], "public_key": "p"}]',
            ": private_key of profile default must be text",
        ),
    ],
)
def test_a_damaged_file_is_named_with_its_place_and_without_its_contents(
    home: Home, data: bytes, words: str
) -> None:
    home.write(data)

    assert home.error().summary.startswith(f"~/.ucloud/credential.json{words}")


def test_secrets_are_in_no_repr(home: Home) -> None:
    home.write([{**KEYS[0], "security_token": "secret-token"}])

    assert not [secret for secret in SECRETS if secret in repr(home.found())]


def test_what_was_read_makes_a_client_of_the_official_sdk(home: Home) -> None:
    home.write(CONFIG, "config.json")
    home.write(KEYS)
    keys = home.found().credentials
    settings = resolve(home.path, NO_FLAGS, {}, home.path)
    client = Client(
        {
            "public_key": keys.public_key,
            "private_key": keys.private_key,
            "project_id": settings.project,
            "base_url": settings.endpoint,
        }
    )

    assert client.config.project_id == "org-two"
    assert client.credential.to_dict() == {
        "public_key": "public-shop",
        "private_key": "secret-shop",
    }

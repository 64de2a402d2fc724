"""The variables that git runs with."""

from __future__ import annotations

import os

from reconciler.git.environment import confined, scrubbed


class TestScrubbing:
    def test_takes_out_what_points_at_another_repository(self) -> None:
        environ = {
            "GIT_DIR": "/elsewhere/.git",
            "GIT_WORK_TREE": "/elsewhere",
            "GIT_INDEX_FILE": "/elsewhere/index",
            "GIT_OBJECT_DIRECTORY": "/elsewhere/objects",
            "GIT_AUTHOR_NAME": "Somebody",
            "GIT_TRACE_CURL": "1",
            "GIT_CONFIG_PARAMETERS": "'core.hooksPath'='/elsewhere'",
            "PATH": "/bin",
        }
        left = scrubbed(environ)
        assert {name for name in left if name in environ} == {"PATH"}

    def test_keeps_how_a_server_is_reached(self) -> None:
        environ = {
            "GIT_SSH_COMMAND": "ssh -i key",
            "GIT_ASKPASS": "/bin/answer",
            "GIT_SSL_CAINFO": "/ca.pem",
            "GIT_HTTP_USER_AGENT": "me",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraheader",
            "GIT_CONFIG_VALUE_0": "X: y",
            "HTTPS_PROXY": "http://proxy.example",
        }
        assert environ.items() <= scrubbed(environ).items()

    def test_asks_nobody_and_speaks_english(self) -> None:
        left = scrubbed({"LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE", "LANGUAGE": "fr"})
        assert left["GIT_TERMINAL_PROMPT"] == "0"
        assert (left["LC_ALL"], left["LANGUAGE"]) == ("C", "")
        assert "LC_MESSAGES" not in left


class TestConfining:
    def test_runs_no_hooks_and_leaves_nothing_running(self) -> None:
        settings = pairs(confined({}, [], alone=True))
        assert settings["core.hooksPath"] == os.devnull
        assert settings["gc.autoDetach"] == "false"

    def test_alone_reads_no_settings_file_since_nothing_may_be_said_twice(self) -> None:
        environ = {
            "GIT_CONFIG_GLOBAL": "/srv/me/.gitconfig",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraheader",
            "GIT_CONFIG_VALUE_0": "X: y",
        }
        variables = confined(environ, [("http.extraheader", "X: y")], alone=True)
        assert variables["GIT_CONFIG_GLOBAL"] == os.devnull
        assert variables["GIT_CONFIG_NOSYSTEM"] == "1"
        assert list(variables.values()).count("X: y") == 1

    def test_not_alone_adds_to_what_the_environment_sets(self) -> None:
        environ = {
            "GIT_CONFIG_GLOBAL": "/srv/me/.gitconfig",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        variables = confined(environ, [("remote.state.url", "/srv/x.git")], alone=False)
        assert variables["GIT_CONFIG_GLOBAL"] == "/srv/me/.gitconfig"
        settings = pairs(variables)
        assert settings["safe.directory"] == "*"
        assert settings["remote.state.url"] == "/srv/x.git"


def pairs(variables: dict[str, str]) -> dict[str, str]:
    count = int(variables["GIT_CONFIG_COUNT"])
    return {
        variables[f"GIT_CONFIG_KEY_{n}"]: variables[f"GIT_CONFIG_VALUE_{n}"] for n in range(count)
    }

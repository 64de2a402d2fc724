"""Which remote a word names, and which of the user's settings go along."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git.process import GitError
from reconciler.git.remote import Remote, resolve
from tests.unit.git_world import World, git
from tests.unit.test_git_environment import pairs

TOKEN = "AUTHORIZATION: basic c2VjcmV0"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def settings(remote: Remote) -> dict[str, str]:
    return pairs(dict(remote.environment))


def found(world: World, word: str = "", root: Path | None = None) -> Remote:
    return resolve(root or world.work, word, world.around().environ)


def refused(world: World, word: str = "", root: Path | None = None) -> GitError:
    with pytest.raises(GitError) as caught:
        found(world, word, root)
    return caught.value


class TestAName:
    def test_is_origin_where_none_is_given(self, world: World) -> None:
        remote = found(world)
        assert (remote.shown, remote.url) == ("origin", world.remote.as_uri())
        assert settings(remote)["remote.state.url"] == world.remote.as_uri()

    def test_may_be_another_remote(self, world: World) -> None:
        git("remote", "add", "upstream", "ssh://git@host.example/x.git", cwd=world.work)
        assert found(world, "upstream").url == "ssh://git@host.example/x.git"

    def test_means_where_it_is_pushed_to(self, world: World) -> None:
        git("remote", "set-url", "--push", "origin", "/srv/writable.git", cwd=world.work)
        assert found(world).url == "/srv/writable.git"

    def test_works_from_a_folder_below_and_counts_from_the_top(self, world: World) -> None:
        git("remote", "set-url", "origin", "../remote.git", cwd=world.work)
        (world.work / "below").mkdir()
        assert found(world, root=world.work / "below").cwd == world.work.resolve()

    def test_that_there_is_not_is_refused_with_those_there_are(self, world: World) -> None:
        git("remote", "add", "upstream", "/x", cwd=world.work)
        error = refused(world, "upstraem")
        assert error.summary == "there is no remote 'upstraem'"
        assert error.advice == "The repository's remotes are: origin, upstream."

    def test_is_refused_where_the_repository_has_no_origin(self, world: World) -> None:
        git("remote", "remove", "origin", cwd=world.work)
        assert refused(world).summary == "the repository has no remote `origin`"

    def test_is_refused_outside_of_a_repository(self, world: World) -> None:
        (world.folder / "plain").mkdir()
        assert "not a git repository" in refused(world, root=world.folder / "plain").summary


class TestAUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://host.example/x.git",
            "git@host.example:x.git",
            "ssh://host.example/x",
            "file:///srv/x.git",
            "/srv/x.git",
            "../x.git",
        ],
    )
    def test_is_taken_as_it_is(self, world: World, url: str) -> None:
        assert found(world, url).url == url

    def test_needs_no_repository(self, world: World) -> None:
        (world.folder / "plain").mkdir()
        assert found(world, "/srv/x.git", world.folder / "plain").cwd == world.folder / "plain"

    def test_hides_its_password(self, world: World) -> None:
        remote = found(world, "https://me:pa55@host.example/x.git")
        assert remote.shown == "https://host.example/x.git"
        assert "pa55" not in repr(remote)


class TestTheUsersSettings:
    def test_for_the_network_come_along_once(self, world: World) -> None:
        """Such as the token that GitHub's checkout action leaves: twice, the server refuses it."""
        git("remote", "set-url", "origin", "https://host.example/x.git", cwd=world.work)
        git("config", "http.https://host.example/.extraheader", TOKEN, cwd=world.work)
        git("config", "credential.helper", "store", cwd=world.work)
        git("config", "core.sshCommand", "ssh -i key", cwd=world.work)
        remote = found(world)
        assert list(remote.environment.values()).count(TOKEN) == 1
        assert settings(remote)["credential.helper"] == "store"
        assert settings(remote)["core.sshcommand"] == "ssh -i key"
        assert TOKEN not in repr(remote)

    def test_that_are_included_for_this_repository_alone_come_along(self, world: World) -> None:
        git("remote", "set-url", "origin", "https://host.example/x.git", cwd=world.work)
        (world.folder / "more").write_text("[http]\n\tproxy = http://proxy.example\n")
        condition = f"includeIf.gitdir:{world.work.resolve()}/.path"
        git("config", condition, str(world.folder / "more"), cwd=world.work)
        assert settings(found(world))["http.proxy"] == "http://proxy.example"

    def test_that_would_change_what_we_do_stay_behind(self, world: World) -> None:
        git("remote", "set-url", "origin", "https://host.example/x.git", cwd=world.work)
        for key in ("commit.gpgSign", "remote.origin.mirror", "push.followTags", "fetch.prune"):
            git("config", key, "true", cwd=world.work)
        git("config", "core.hooksPath", "/elsewhere", cwd=world.work)
        forwarded = settings(found(world))
        assert {key for key in forwarded if not key.startswith(("gc.", "maintenance."))} == {
            "remote.state.url",
            "core.hooksPath",
        }
        assert forwarded["core.hooksPath"] == "/dev/null"

    def test_of_the_remote_itself_come_along(self, world: World) -> None:
        git("config", "remote.origin.receivepack", "/opt/git-receive-pack", cwd=world.work)
        git("config", "remote.other.receivepack", "/else", cwd=world.work)
        assert settings(found(world))["remote.state.receivepack"] == "/opt/git-receive-pack"

    def test_stay_with_the_server_when_that_is_this_machine(self, world: World) -> None:
        """The other end of a path reads the same environment: it must find its own settings."""
        assert "GIT_CONFIG_NOSYSTEM" not in found(world).environment
        remote = found(world, "https://host.example/x.git")
        assert remote.environment["GIT_CONFIG_NOSYSTEM"] == "1"

    def test_without_a_value_mean_true(self, world: World) -> None:
        git("remote", "set-url", "origin", "https://host.example/x.git", cwd=world.work)
        with (world.work / ".git" / "config").open("a") as config:
            config.write("[http]\n\tsslVerify\n")
        assert settings(found(world))["http.sslverify"] == "true"

"""The repository of our own: what it brings here, what it sends, and what it never touches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.git.history import parse_log
from reconciler.git.mirror import Mirror, kept_mirror
from reconciler.git.objects import NewCommit, blob_id
from reconciler.git.process import GitError
from reconciler.git.pushing import Update, parse
from reconciler.git.remote import resolve
from tests.unit.git_world import World, git, snapshot

REF = "refs/reconciler/state"
OTHER = "refs/reconciler/lock"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def mirror(world: World, name: str = "mirror", root: Path | None = None) -> Mirror:
    remote = resolve(root or world.work, "", world.around().environ)
    return Mirror(world.folder / name, remote)


def commit(
    mirror: Mirror, files: Mapping[str, bytes | None], parent: str | None = None, said: str = "m"
) -> str:
    return mirror.commit(NewCommit(parent=parent, files=files, message=said, at=1_700_000_000))


def push(mirror: Mirror, new: str, old: str | None = None) -> None:
    assert mirror.push(Update(ref=REF, old=old, new=new)).refused == {}


def texts(mirror: Mirror, at: str) -> dict[str, bytes]:
    tree = mirror.tree(at)
    return dict(zip(tree, mirror.read(list(tree.values())), strict=True))


class TestACommit:
    def test_holds_the_files_and_those_of_its_parent(self, world: World) -> None:
        here = mirror(world)
        first = commit(here, {"a/1": b"one", "b/2": b"two\n"})
        second = commit(here, {"a/1": None, "b/3": b""}, first)
        assert texts(here, first) == {"a/1": b"one", "b/2": b"two\n"}
        assert texts(here, second) == {"b/2": b"two\n", "b/3": b""}

    def test_may_have_no_files_left(self, world: World) -> None:
        here = mirror(world)
        first = commit(here, {"a/1": b"one"})
        assert texts(here, commit(here, {"a/1": None}, first)) == {}

    def test_names_bytes_as_git_does(self, world: World) -> None:
        here = mirror(world)
        data = "甲乙".encode()
        assert here.tree(commit(here, {"a": data})) == {"a": blob_id(data, "sha1")}

    def test_may_say_anything_in_any_script(self, world: World) -> None:
        here = mirror(world)
        push(here, commit(here, {"a": b""}, said="甲乙\n\nfrom refs/heads/main\ndata 5\n"))
        assert world.messages() == ["甲乙\n\nfrom refs/heads/main\ndata 5\n"]


class TestReading:
    def test_brings_the_newest_commit_alone(self, world: World) -> None:
        there = mirror(world, "there")
        first = commit(there, {"a": b"1"})
        push(there, first)
        push(there, second := commit(there, {"b": b"2"}, first), first)
        here = mirror(world)
        assert here.tips(REF) == {REF: second}
        assert here.fetch(REF) == second
        assert texts(here, second) == {"a": b"1", "b": b"2"}
        assert len(list(here.history(REF))) == 1

    def test_brings_the_whole_history_when_asked(self, world: World) -> None:
        there = mirror(world, "there")
        tip = None
        for number in range(3):
            new = commit(there, {f"f{number}": b"x"}, tip, said=f"step {number}\n\nmore")
            push(there, new, tip)
            tip = new
        here = mirror(world)
        here.fetch(REF)
        here.fetch(REF, whole=True)
        steps = list(here.history(REF))
        assert [list(step.files) for step in steps] == [["f0"], ["f1"], ["f2"]]
        assert [step.message[0] for step in steps] == ["step 0", "step 1", "step 2"]
        assert steps[-1].message[-1] == "more"

    def test_of_what_is_newer_needs_no_second_history(self, world: World) -> None:
        there, here = mirror(world, "there"), mirror(world)
        push(there, first := commit(there, {"a": b"1"}))
        here.fetch(REF)
        push(there, second := commit(there, {"a": b"2"}, first), first)
        assert here.fetch(REF) == second
        assert here.known(REF) == second

    def test_finds_nothing_where_there_is_nothing(self, world: World) -> None:
        here = mirror(world)
        assert here.tips(REF) == {}
        assert here.known(REF) is None
        assert list(here.read([])) == []

    def test_is_not_misled_by_a_ref_with_the_same_ending(self, world: World) -> None:
        here = mirror(world)
        new = commit(here, {"a": b""})
        here.push(Update(ref=f"refs/x/{REF}", old=None, new=new))
        assert here.tips(REF) == {}

    def test_of_a_remote_that_is_not_there_says_so(self, world: World) -> None:
        here = mirror(world)
        world.away()
        with pytest.raises(GitError, match=r"git ls-remote failed: .*does not (appear|exist)"):
            here.tips(REF)


class TestAPush:
    def test_moves_a_ref_from_where_it_is_expected_alone(self, world: World) -> None:
        one, two = mirror(world, "one"), mirror(world, "two")
        mine, theirs = commit(one, {"a": b"1"}), commit(two, {"a": b"2"})
        push(one, mine)
        pushed = two.push(Update(ref=REF, old=None, new=theirs))
        assert "stale info" in pushed.refused[REF]
        assert world.refs() == {REF: mine}

    def test_removes_a_ref_from_where_it_is_expected_alone(self, world: World) -> None:
        here = mirror(world)
        push(here, new := commit(here, {"a": b"1"}))
        other = commit(here, {"a": b"2"})
        assert here.push(Update(ref=REF, old=other, new=None)).refused
        assert world.refs() == {REF: new}
        assert not here.push(Update(ref=REF, old=new, new=None)).refused
        assert world.refs() == {}

    def test_of_several_refs_refuses_each_for_itself(self, world: World) -> None:
        """So that a run learns that its lock is gone, and records what it did all the same."""
        here = mirror(world)
        new = commit(here, {"a": b"1"})
        pushed = here.push(Update(ref=REF, old=None, new=new), Update(ref=OTHER, old=new, new=new))
        assert list(pushed.refused) == [OTHER]
        assert world.refs() == {REF: new}

    def test_that_changes_nothing_is_none_refused(self, world: World) -> None:
        here = mirror(world)
        push(here, new := commit(here, {"a": b"1"}))
        assert here.push(Update(ref=REF, old=new, new=new)).refused == {}

    def test_tells_what_the_servers_hook_said(self, world: World) -> None:
        world.hook("pre-receive", "echo 'only on Mondays' >&2; exit 1")
        here = mirror(world)
        why = here.push(Update(ref=REF, old=None, new=commit(here, {"a": b""}))).why
        assert "pre-receive hook declined" in why
        assert "only on Mondays" in why

    def test_to_a_remote_that_is_not_there_is_an_error(self, world: World) -> None:
        here = mirror(world)
        new = commit(here, {"a": b""})
        world.away()
        with pytest.raises(GitError, match="git push failed"):
            here.push(Update(ref=REF, old=None, new=new))

    def test_without_a_line_about_any_ref_was_not_even_asked(self) -> None:
        assert parse("To somewhere\nDone\n", "") is None


class TestTheUsersRepository:
    def test_is_not_changed_by_anything(self, world: World) -> None:
        git("commit", "--quiet", "--allow-empty", "-m", "one", cwd=world.work)
        marker = world.folder / "hook-ran"
        for name in ("pre-push", "reference-transaction", "post-commit", "post-checkout"):
            hook = world.work / ".git" / "hooks" / name
            hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
            hook.chmod(0o755)
        (world.work / "staged").write_text("x")
        git("add", "staged", cwd=world.work)
        before = snapshot(world.work)
        marker.unlink(missing_ok=True)  # the commit above ran one of them
        here = mirror(world)
        push(here, new := commit(here, {"a": b"1"}))
        here.fetch(REF, whole=True)
        here.keep(REF, new)
        assert snapshot(world.work) == before
        assert not marker.exists()

    def test_may_be_a_shallow_clone(self, world: World) -> None:
        for text in ("one", "two"):
            git("commit", "--quiet", "--allow-empty", "-m", text, cwd=world.work)
        git("push", "--quiet", "origin", "HEAD", cwd=world.work)
        git("clone", "--quiet", "--depth=1", world.remote.as_uri(), "shallow", cwd=world.folder)
        here = mirror(world, root=world.folder / "shallow")
        push(here, first := commit(here, {"a": b"1"}))
        later = mirror(world, "later", root=world.folder / "shallow")
        later.fetch(REF)
        push(later, commit(later, {"b": b"2"}, first), first)
        assert world.files() == ["a", "b"]

    def test_may_be_a_linked_work_tree(self, world: World) -> None:
        git("commit", "--quiet", "--allow-empty", "-m", "one", cwd=world.work)
        git("worktree", "add", "--quiet", "../linked", cwd=world.work)
        push(mirror(world, root=world.folder / "linked"), commit(mirror(world), {"a": b"1"}))
        assert world.files() == ["a"]

    def test_may_count_in_sha_256(self, world: World) -> None:
        git("init", "--quiet", "--bare", "--object-format=sha256", "r2.git", cwd=world.folder)
        git("init", "--quiet", "--object-format=sha256", "w2", cwd=world.folder)
        git("remote", "add", "origin", "../r2.git", cwd=world.folder / "w2")
        here = mirror(world, root=world.folder / "w2")
        push(here, new := commit(here, {"a": b"1"}))
        assert len(new) == 64
        assert here.tree(new) == {"a": blob_id(b"1", "sha256")}


class TestOtherWays:
    def test_over_ssh_the_users_own_command_is_used(self, world: World) -> None:
        """`core.sshCommand` of the repository, as a deploy key is often set up."""
        fake = world.folder / "ssh"
        fake.write_text('#!/bin/sh\nshift $(($# - 1))\nexec sh -c "$1"\n')
        fake.chmod(0o755)
        url = f"ssh://git@host.example{world.remote}"
        git("remote", "set-url", "origin", url, cwd=world.work)
        git("config", "core.sshCommand", str(fake), cwd=world.work)
        git("config", "ssh.variant", "simple", cwd=world.work)
        here = mirror(world)
        push(here, new := commit(here, {"a": b"1"}))
        assert here.tips(REF) == {REF: new}


class TestAKeptMirror:
    def kept(self, world: World) -> Path:
        return world.folder / "cache" / "kept"

    def use(self, world: World) -> Mirror:
        remote = resolve(world.work, "", world.around().environ)
        with kept_mirror(self.kept(world), remote) as here:
            push(here, commit(here, {"a": b"1"}, tip := here.known(REF)), tip)
            here.fetch(REF)
            return here

    def test_is_there_for_the_next_one(self, world: World) -> None:
        self.use(world)
        remote = resolve(world.work, "", world.around().environ)
        with kept_mirror(self.kept(world), remote) as here:
            assert here.known(REF) == world.refs()[REF]

    def test_survives_a_remote_that_does_not_answer(self, world: World) -> None:
        self.use(world)
        remote = resolve(world.work, "", world.around().environ)
        world.away()
        with pytest.raises(GitError), kept_mirror(self.kept(world), remote) as here:
            here.tips(REF)
        assert self.kept(world).exists()

    def test_is_thrown_away_once_it_is_damaged(self, world: World) -> None:
        self.use(world)
        remote = resolve(world.work, "", world.around().environ)
        for damaged in (self.kept(world) / "objects").rglob("*"):
            if damaged.is_file():
                damaged.chmod(0o644)
                damaged.write_bytes(b"")
        with pytest.raises(GitError), kept_mirror(self.kept(world), remote) as here:
            here.tree(world.refs()[REF])
        assert not self.kept(world).exists()
        self.use_again(world)

    def use_again(self, world: World) -> None:
        remote = resolve(world.work, "", world.around().environ)
        with kept_mirror(self.kept(world), remote) as here:
            assert texts(here, here.fetch(REF)) == {"a": b"1"}

    def test_that_somebody_uses_is_left_to_him(self, world: World) -> None:
        remote = resolve(world.work, "", world.around().environ)
        with (
            kept_mirror(self.kept(world), remote) as one,
            kept_mirror(self.kept(world), remote) as two,
        ):
            assert one.folder != two.folder
        assert self.kept(world).exists()
        assert [path.name for path in self.kept(world).parent.iterdir()] == ["kept"]


class TestTheLog:
    def test_is_read_whatever_a_message_says(self) -> None:
        text = (
            "commit abc 17\n one\n commit def 18\n\n"
            ":000000 100644 000 111 A\ta\n:100644 000000 222 000 D\tb\n"
            "commit def 19\n two\n"
        )
        first, second = parse_log(text)
        assert (first.commit, first.at) == ("abc", 17)
        assert first.files == {"a": "111", "b": None}
        assert first.message == ["one", "commit def 18"]
        assert (second.files, second.message) == ({}, ["two"])

    def test_of_nothing_is_empty(self) -> None:
        assert list(parse_log("")) == []

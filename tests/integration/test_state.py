"""The state through the command line: shared, locked, audited, and applied as reviewed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli import main
from reconciler.model import ReviewStatus
from reconciler.resources import schema_path
from reconciler.state.open import open_state
from tests.integration.conftest import MakeWorld
from tests.integration.world import Ended, World
from tests.unit.git_world import git

UPDATE = "UpdateUSMSSignature"
REF, LOCK = "refs/reconciler/state", "refs/reconciler/lock"
PAGE = "https://github.com/acme/signatures/actions/runs/77"
RUN = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/signatures",
    "GITHUB_RUN_ID": "77",
}
THREE = {
    "SIG1": ("rejected", "甲乙丙丁"),
    "SIG2": ("approved", "子丑寅卯"),
    "SIG3": ("pending", "天地玄黄"),
}


class Shared:
    """A world whose repository has a remote, which keeps the state."""

    def __init__(self, world: World, *, shallow: bool = False) -> None:
        self.world = world
        self.remote = world.root.parent / "remote.git"
        self.runners = 0
        git("init", "--quiet", "--bare", "-b", "main", str(self.remote), cwd=world.root.parent)
        (world.root / "reconciler.toml").write_text('state = "git:"\n')
        git("init", "--quiet", "-b", "main", cwd=world.root)
        git("remote", "add", "origin", self.remote.as_uri(), cwd=world.root)
        world.environ["XDG_CACHE_HOME"] = str(world.root.parent / "cache")

    def commit(self) -> str:
        root = self.world.root
        git("add", "--all", cwd=root)
        git("commit", "--quiet", "--allow-empty", "-m", "change", cwd=root)
        git("push", "--quiet", "origin", "main", cwd=root)
        return git("rev-parse", "HEAD", cwd=root).strip()

    def runner(self) -> World:
        """A machine that was just born: a shallow clone, and nothing else."""
        self.runners += 1
        root = self.world.root.parent / f"runner{self.runners}" / "repository"
        root.parent.mkdir()
        git("clone", "--quiet", "--depth=1", self.remote.as_uri(), str(root), cwd=root.parent)
        made = World.__new__(World)
        made.root, made.sandbox, made.heard = root, self.world.sandbox, self.world.heard
        made.environ = {**self.world.environ, "XDG_CACHE_HOME": str(root.parent / "cache")}
        return made

    def refs(self) -> list[str]:
        return git(
            "for-each-ref", "--format=%(refname)", "refs/reconciler", cwd=self.remote
        ).split()


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    world = make_world(**THREE)
    for number, (name, content) in enumerate(
        (("retail/first", "甲乙丙丁"), ("retail/second", "子丑寅卯"), ("third", "日月盈昃")), 1
    ):
        world.manifest(name, content, id=f"SIG{number}")
    made = Shared(world)
    made.commit()
    return made


def run(world: World, *words: str, **environ: str) -> Ended:
    """`reconciler WORDS` in this process: its start would take longer than its work."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for name in os.environ:
            patch.delenv(name)
        for name, value in {**world.environ, **environ}.items():
            patch.setenv(name, value)
        code = main.run([*words, "--root", str(world.root)])
    world.heard += [out.getvalue(), err.getvalue()]
    return Ended(code=code, out=out.getvalue(), err=err.getvalue())


def actions(world: World) -> dict[str, str]:
    planned = run(world, "plan", "--format", "json")
    assert planned.code == 0, planned.err
    return {row["name"]: row["action"] for row in planned.json["changes"]}


def check(document: object, name: str) -> None:
    schema = json.loads(schema_path(f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)


class TestRunnersThatAreBornEmpty:
    def test_know_what_another_one_has_submitted(self, shared: Shared) -> None:
        applied = run(shared.runner(), "apply", "--yes")
        assert applied.code == 0, applied.err
        assert actions(shared.runner()) == {
            "retail/first": "no-op", "retail/second": "no-op", "third": "no-op",
        }  # fmt: skip
        assert shared.refs() == [REF]

    def test_leave_their_clone_as_it_was(self, shared: Shared) -> None:
        runner = shared.runner()
        before = (runner.root / ".git" / "shallow").read_bytes()
        run(runner, "apply", "--yes")
        assert (runner.root / ".git" / "shallow").read_bytes() == before
        assert git("status", "--porcelain", cwd=runner.root) == ""
        assert "refs/reconciler" not in git("for-each-ref", cwd=runner.root)

    def test_say_in_the_history_what_they_did_and_why(self, shared: Shared) -> None:
        head = shared.commit()
        run(shared.runner(), "apply", "--yes", **RUN)
        shared.world.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
        run(shared.runner(), "status")
        message = git("log", "--format=%B", f"{REF}~", cwd=shared.remote)
        assert f"Manifests: {head}" in message
        assert f"Run: {PAGE}" in message
        assert "submitted retail/first (SIG1)" in message

        told = run(shared.runner(), "state", "log", "retail/first", "--format", "json")
        check(told.json, "state-log")
        first, second = told.json["events"][0], told.json["events"][-1]
        assert (first["what"], first["head"], first["run"]) == ("submitted", head, PAGE)
        assert (second["what"], second["rejection"]) == ("seen rejected", "名称不规范")
        text = run(shared.runner(), "state", "log", "retail/first").out
        assert "the reviewer said: 名称不规范" in text
        assert PAGE in text

    def test_two_at_once_send_nothing_twice_and_one_is_refused(self, shared: Shared) -> None:
        runners = [shared.runner(), shared.runner()]
        started = [runner.start("apply", "--yes", **RUN) for runner in runners]
        ended = []
        for process in started:
            out, err = process.communicate(timeout=120)
            ended.append(Ended(code=process.returncode, out=out, err=err))
        codes = sorted(each.code for each in ended)
        assert codes in ([0, 4], [0, 0]), ended  # the second may have come when all was done
        if codes == [0, 4]:
            refused = max(ended, key=lambda each: each.code)
            assert "is locked by process" in refused.err
            assert PAGE in refused.err
            assert "reconciler state unlock " in refused.err
        assert len(shared.world.requests(UPDATE)) == 2

    def test_wait_for_one_another_when_told_to(self, shared: Shared) -> None:
        runners = [shared.runner(), shared.runner()]
        started = [r.start("apply", "--yes", "--lock-timeout", "2m") for r in runners]
        for process in started:
            _, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
        assert len(shared.world.requests(UPDATE)) == 2


class TestAKilledRun:
    def test_leaves_a_lock_that_the_same_host_takes_over(self, shared: Shared) -> None:
        shared.world.sandbox.add_fault("UpdateUSMSSignature:hang-after:always")
        killed = hung(shared)
        killed.kill()
        killed.communicate(timeout=60)
        assert LOCK in shared.refs()
        shared.world.sandbox.clear_faults()
        again = run(shared.world, "apply", "--yes")
        assert again.code == 0, again.err
        assert "taking over the lock of process" in again.err
        assert set(actions(shared.world).values()) == {"no-op"}

    def test_can_be_freed_by_hand(self, shared: Shared) -> None:
        """As from another machine, which cannot know whether that process lives."""
        shared.world.sandbox.add_fault("UpdateUSMSSignature:hang-after:always")
        running = hung(shared)
        refused = run(shared.runner(), "apply", "--yes")
        assert refused.code == 4
        assert f"locked by process {running.pid}" in refused.err
        id = refused.err.rpartition("state unlock ")[2].split()[0]  # noqa: A001 - its own word
        freed = run(shared.runner(), "state", "unlock", id)
        assert freed.code == 0, freed.err
        assert LOCK not in shared.refs()
        assert run(shared.runner(), "state", "unlock", id).code == 4
        running.kill()
        running.communicate(timeout=60)

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_by_a_polite_signal_releases_the_lock(self, shared: Shared, number: int) -> None:
        (shared.world.root / "reconciler.toml").write_text('state = "git:"\nparallelism = 1\n')
        shared.world.sandbox.add_fault("UpdateUSMSSignature:hang-after:1")
        running = hung(shared)
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
        assert running.returncode == 130, (out, err)
        assert LOCK not in shared.refs()


def hung(shared: Shared) -> subprocess.Popen[str]:
    """An apply that has sent something and waits for the answer."""
    running = shared.world.start("apply", "--yes", UCLOUD_TIMEOUT_SECOND="2")
    end = time.monotonic() + 60
    while not shared.world.requests(UPDATE):
        assert time.monotonic() < end
        time.sleep(0.02)
    return running


class TestARemoteThatGoesAway:
    def test_costs_no_outcome_and_the_output_says_where_they_are(self, shared: Shared) -> None:
        """The server stops taking records after the first lock."""
        hooks = shared.remote / "hooks"
        hooks.mkdir(exist_ok=True)
        hook = hooks / "pre-receive"
        hook.write_text(
            f'#!/bin/sh\nwhile read o n ref; do [ "$ref" != {REF} ] || exit 1; done; exit 0\n'
        )
        hook.chmod(0o755)
        applied = run(shared.world, "apply", "--yes", "--format", "json")
        assert applied.code == 1
        assert applied.json["summary"]["submitted"] == 2
        assert "recorded on this machine only, in .reconciler/journal/" in applied.err
        assert "the remote refuses to record anything" in applied.err
        hook.unlink()
        sent = len(shared.world.requests(UPDATE))
        assert set(actions(shared.world).values()) == {"no-op"}
        assert run(shared.world, "apply", "--yes").code == 0
        assert len(shared.world.requests(UPDATE)) == sent
        assert set(actions(shared.runner()).values()) == {"no-op"}

    def test_is_read_around_with_a_clear_word(self, shared: Shared) -> None:
        run(shared.world, "apply", "--yes")
        shared.remote.rename(shared.remote.with_name("gone.git"))
        planned = run(shared.world, "plan")
        assert planned.code == 0
        assert "cannot be reached, so its records are those that were read last" in planned.err
        refused = run(shared.world, "apply", "--yes")
        assert refused.code == 1
        assert "git push failed" in refused.err

    def test_is_an_error_for_a_machine_that_never_saw_it(self, shared: Shared) -> None:
        runner = shared.runner()
        shared.remote.rename(shared.remote.with_name("gone.git"))
        planned = run(runner, "plan")
        assert planned.code == 1
        assert "git ls-remote failed" in planned.err


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


def records(world: World) -> list[dict[str, str]]:
    found: list[dict[str, str]] = run(world, "state", "list", "--format", "json").json["records"]
    return found


def log(world: World, name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = run(world, "state", "log", name, "--format", "json").json[
        "events"
    ]
    return found


class TestMovingAState:
    FILE, GIT = "file:.reconciler/state", "git:"

    def test_to_another_backend_loses_nothing(self, shared: Shared) -> None:
        world = shared.world
        (world.root / "reconciler.toml").write_text(f'state = "{self.FILE}"\n')
        run(world, "apply", "--yes")
        pushed = run(world, "state", "push", self.GIT)
        assert pushed.code == 0, pushed.err
        assert "3 pushed to git:origin#refs/reconciler/state, 0 there already." in pushed.err
        assert "0 pushed" in run(world, "state", "push", self.GIT).err
        (world.root / "reconciler.toml").write_text(f'state = "{self.GIT}"\n')
        shared.commit()
        assert set(actions(shared.runner()).values()) == {"no-op"}
        pulled = run(world, "state", "pull", "file:copy")
        assert "0 pulled" in pulled.err

    def test_from_a_place_without_records_says_so_and_leaves_it_as_it_is(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        for url in ("file:typo", "git:origin#refs/reconciler/typo"):
            pulled = run(world, "state", "pull", url)
            assert pulled.code == 0
            assert "has no records; is that the right place?" in pulled.err
        assert not (world.root / "typo").exists()
        assert not list((world.root / ".reconciler" / "journal").glob("*typo*"))
        assert len(records(world)) == 3

    def test_that_somebody_else_holds_names_the_command_that_frees_just_that_one(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        other = open_state("file:other", root=world.root)
        with other.lock():
            refused = run(world, "state", "push", "file:other")
            assert refused.code == 4
            command = shlex.split(refused.err.partition("free the lock: ")[2])
            assert command[:3] == ["reconciler", "state", "unlock"]
            assert command[4:] == ["--root", str(world.root), "--state", "file:other"]
            assert run(world, *command[1:4]).code == 4  # the repository's own is not locked
            freed = run(world, *command[1:])
            assert freed.code == 0, freed.err
            assert run(world, "state", "push", "file:other").code == 0

    def test_never_overwrites_a_newer_record(self, shared: Shared) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        assert run(world, "state", "push", self.FILE).code == 0
        world.sandbox.review("SIG3", ReviewStatus.REJECTED, "no")
        run(world, "status")
        refused = run(world, "state", "pull", self.FILE)
        assert refused.code == 4
        assert (
            "has newer records of retail/first (SIG1), third (SIG3); nothing was written"
            in refused.err
        )
        assert run(world, "state", "push", self.FILE).code == 0

    def test_to_itself_is_wrong_usage(self, shared: Shared) -> None:
        assert run(shared.world, "state", "push", self.GIT).code == 64


class TestADamagedRecord:
    def test_is_named_and_nothing_is_overwritten_until_it_is_forgotten(
        self, shared: Shared
    ) -> None:
        world = shared.world
        (world.root / "reconciler.toml").write_text('state = "file:.reconciler/state"\n')
        run(world, "apply", "--yes")
        path = world.root / ".reconciler" / "state" / "SIG1.json"
        path.write_text(path.read_text("utf-8")[:200], encoding="utf-8")
        damaged = path.read_bytes()
        for words in (("plan",), ("apply", "--yes"), ("status",), ("state", "list")):
            ended = run(world, *words)
            assert ended.code == 1, words
            assert ".reconciler/state/SIG1.json: the record is damaged" in ended.err
        assert path.read_bytes() == damaged
        assert run(world, "state", "rm", "retail/first").code == 1  # nobody knows its name
        assert run(world, "state", "rm", "SIG1").code == 0
        assert actions(world)["retail/first"] == "adopt"


class TestASavedPlan:
    @pytest.fixture
    def world(self, shared: Shared) -> World:
        (shared.world.root / "reconciler.toml").unlink()
        return shared.world

    def plan(self, world: World) -> Path:
        path = world.root / "plan.json"
        assert run(world, "plan", "--out", str(path)).code == 0
        return path

    def test_is_applied_as_it_was_reviewed(self, world: World) -> None:
        assert run(world, "apply", "--plan", str(self.plan(world))).code == 0
        assert len(world.requests(UPDATE)) == 2

    def test_of_some_signatures_is_applied_to_those_alone(self, world: World) -> None:
        path = world.root / "plan.json"
        planned = run(world, "plan", "--only", "retail/*", "--out", str(path))
        assert planned.code == 0, planned.err
        document = json.loads(path.read_text("utf-8"))
        assert document["only"] == ["retail/*"]
        check(document, "plan")
        applied = run(world, "apply", "--plan", str(path))
        assert applied.code == 0, applied.err
        assert {each["name"] for each in records(world)} == {"retail/first", "retail/second"}
        wider = run(world, "apply", "--plan", str(path), "--only", "*")
        assert wider.code == 4
        assert "third (SIG3): nothing was reviewed" in wider.err

    @pytest.mark.parametrize("flags", [(), ("--yes",), ("--max-submissions", "99")])
    def test_that_is_stale_is_refused_with_the_differences_whatever_the_flags(
        self, world: World, flags: tuple[str, ...]
    ) -> None:
        path = self.plan(world)
        world.manifest("third", "寒来暑往", id="SIG3")
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        refused = run(world, "apply", "--plan", str(path), *flags)
        assert refused.code == 4
        assert "retail/first (SIG1): resubmit (first_submission) was reviewed; " in refused.err
        assert "now adopt (untracked)" in refused.err
        assert "third (SIG3): content: “日月盈昃” was reviewed; now “寒来暑往”" in refused.err
        assert world.requests(UPDATE) == []

    def test_whose_fingerprint_alone_is_known_is_refused_too(self, world: World) -> None:
        fingerprint = json.loads(self.plan(world).read_text("utf-8"))["fingerprint"]
        world.manifest("third", "寒来暑往", id="SIG3")
        refused = run(world, "apply", "--fingerprint", fingerprint, "--yes")
        assert refused.code == 4
        assert "the plan is stale" in refused.err
        assert "  now: resubmit third (SIG3): content_differs" in refused.err
        assert world.requests(UPDATE) == []

    def test_for_another_place_is_refused_before_that_place_is_asked(self, world: World) -> None:
        """It may not know the project, or not answer at all, which would be another error."""
        path = str(self.plan(world))
        asked = len(world.requests("QueryUSMSSignature"))
        for variable, value in (
            ("UCLOUD_PROJECT_ID", "org-unknown"),
            ("UCLOUD_API_BASE_URL", "http://127.0.0.1:1"),
        ):
            refused = run(world, "apply", "--plan", path, **{variable: value})
            assert refused.code == 4, refused.err
            assert f"but this run is for {value}" in refused.err
        assert len(world.requests("QueryUSMSSignature")) == asked

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda text: text[: len(text) // 2], "it is not JSON; was it cut off?"),
            (lambda _: "", "it is not JSON"),
            (lambda _: "[]", "it is not a plan"),
            (lambda _: "{}", "it has no format_version"),
            (lambda text: text.replace('"1.0"', '"2.0"', 1), "its format 2.0 is not one"),
            (lambda text: text.replace('"fingerprint"', '"finger"', 1), "it has no fingerprint"),
            (lambda text: text.replace('"changes"', '"rows"', 1), "its changes are not those"),
            (lambda text: text.replace("{", '{"only": [1],', 1), "that it is limited to are none"),
            (lambda text: text.replace('"org-sandbox"', '"org-b"', 1), "for the project org-b"),
            (
                lambda text: text.replace("http://127", "http://128", 1),
                "for the endpoint http://128",
            ),
        ],
    )
    def test_that_is_none_of_this_place_is_refused_with_the_reason(
        self, world: World, change: object, words: str
    ) -> None:
        path = self.plan(world)
        assert callable(change)
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
        refused = run(world, "apply", "--plan", str(path))
        assert refused.code == 4, refused.err
        assert words in refused.err
        assert world.requests(UPDATE) == []


class TestTheGuards:
    def test_a_state_of_another_service_is_refused_unless_it_is_let_through(
        self, make_world: MakeWorld, shared: Shared
    ) -> None:
        (shared.world.root / "reconciler.toml").unlink()
        run(shared.world, "apply", "--yes")
        other = shared.world.sandbox.url
        shared.world.environ["UCLOUD_API_BASE_URL"] = other.replace("127.0.0.1", "localhost")
        refused = run(shared.world, "apply", "--yes")
        assert refused.code == 4
        assert f"3 of 3 records belong to another service ({other}); the limit is 0" in refused.err
        assert "--allow other-place" in refused.err
        let = run(shared.world, "apply", "--yes", "--allow", "other-place")
        assert let.code == 0, let.err

    def test_a_state_of_another_place_is_refused_before_that_place_is_asked(
        self, shared: Shared
    ) -> None:
        world = shared.world
        assert run(world, "apply", "--yes").code == 0
        asked = len(world.requests("QueryUSMSSignature"))
        for variable, value, what in (
            ("UCLOUD_PROJECT_ID", "org-unknown", "another project (org-sandbox)"),
            ("UCLOUD_API_BASE_URL", "http://127.0.0.1:1", "another service"),
        ):
            refused = run(world, "apply", "--yes", **{variable: value})
            assert refused.code == 4, refused.err
            assert f"3 of 3 records belong to {what}" in refused.err
            assert "--allow other-place" in refused.err
        assert len(world.requests("QueryUSMSSignature")) == asked

    def test_an_emptied_repository_is_refused_unless_it_is_let_through(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        for manifest in (world.root / "signatures").rglob("*.yaml"):
            manifest.unlink()
        refused = run(world, "apply", "--yes")
        assert refused.code == 4
        assert "there is no manifest, but the state has 3 records" in refused.err
        assert len(records(world)) == 3
        assert run(world, "apply", "--yes", "--allow", "empty").code == 0
        assert records(world) == []

    def test_one_signature_applied_by_name_gets_no_content_that_another_one_has(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        world.manifest("retail/first", "寒来暑往", id="SIG1")
        world.manifest("third", "甲乙丙丁", id="SIG3")
        refused = run(world, "apply", "--yes", "--only", "third")
        assert refused.code == 4
        assert "third and retail/first would both have the content 甲乙丙丁" in refused.err
        assert run(world, "apply", "--yes").code == 0

    def test_one_removed_manifest_may_be_applied_by_name(self, shared: Shared) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        (world.root / "signatures" / "third.yaml").unlink()
        assert run(world, "apply", "--yes", "--only", "third").code == 0
        assert {each["name"] for each in records(world)} == {"retail/first", "retail/second"}


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

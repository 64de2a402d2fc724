"""`plan --since`, `comment`, `drift` and `init` as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.model import ReviewStatus
from reconciler.resources import schema_path
from tests.integration.conftest import MakeWorld
from tests.integration.fake_github import ACTIONS, FORBIDDEN, FakeGitHub
from tests.integration.world import World
from tests.unit.git_world import git


def check(document: object, name: str) -> None:
    schema = json.loads(schema_path(f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two signatures, applied and committed; then one drifts, the other is edited on a branch."""
    world = make_world(SIG1=("rejected", "甲乙丙丁"), SIG2=("rejected", "子丑寅卯"))
    world.manifest("one", "甲乙丙丁", id="SIG1")
    world.manifest("two", "子丑寅卯", id="SIG2")
    git("init", "--quiet", "--initial-branch", "main", cwd=world.root)
    git("add", "signatures", "documents", cwd=world.root)
    git("commit", "--quiet", "--message", "first", cwd=world.root)
    assert world.run("apply", "--yes").code == 0
    world.sandbox.review("SIG2", ReviewStatus.REJECTED, "名称不规范")
    return world


class TestPlan:
    def test_only_what_the_branch_touches_is_planned_and_the_rest_listed_apart(
        self, world: World
    ) -> None:
        world.manifest("one", "甲乙丙丁戊", id="SIG1")
        plan = world.run("plan", "--since", "main", "--format", "json").json
        check(plan, "plan")
        assert [row["name"] for row in plan["changes"]] == ["one"]
        assert [row["reason"] for row in plan["elsewhere"]["changes"]] == ["rejected_unchanged"]
        assert plan["summary"]["attention"] == 0
        assert plan["since"] == plan["head"]
        text = world.run("plan", "--since", "main").out
        apart, _, own = text.partition("Project org-sandbox")
        assert apart.startswith("Not touched by this change: ")
        assert "SIG2" in apart
        assert "SIG2" not in own
        assert f"--since {plan['since']} --fingerprint {plan['fingerprint']}" in own
        assert text.splitlines()[-1] == "Plan: 1 to resubmit"

    def test_an_apply_of_it_does_nothing_else(self, world: World) -> None:
        world.manifest("one", "甲乙丙丁戊", id="SIG1")
        world.manifest("three", "天地玄黄", id="SIG3")
        git("add", "signatures/three.yaml", cwd=world.root)
        git("commit", "--quiet", "--message", "not applied yet", cwd=world.root)
        plan = world.run("plan", "--since", "HEAD", "--format", "json").json
        assert plan["elsewhere"]["changes"][0]["reason"] == "not_found"
        asked = len(world.sandbox.log())
        words = ("--since", "HEAD", "--fingerprint", plan["fingerprint"])
        applied = world.run("apply", *words, "--format", "json")
        assert applied.code == 0, applied.err
        assert [each["id"] for each in applied.json["outcomes"]] == ["SIG1"]
        assert {i for e in world.sandbox.log()[asked:] for i in e.ids} == {"SIG1"}

    def test_a_saved_plan_limits_its_apply_in_the_same_way(self, world: World) -> None:
        world.manifest("one", "甲乙丙丁戊", id="SIG1")
        world.manifest("three", "天地玄黄", id="SIG3")
        git("add", "signatures/three.yaml", cwd=world.root)
        git("commit", "--quiet", "--message", "not applied yet", cwd=world.root)
        saved = world.root.parent / "plan.json"
        assert world.run("plan", "--since", "HEAD", "--out", str(saved)).code == 0
        applied = world.run("apply", "--plan", str(saved), "--format", "json")
        assert applied.code == 0, applied.err
        assert [each["id"] for each in applied.json["outcomes"]] == ["SIG1"]
        spoilt = {**json.loads(saved.read_text("utf-8")), "since": "--all"}
        saved.write_text(json.dumps(spoilt), "utf-8")
        assert world.run("apply", "--plan", str(saved)).code == 4

    def test_trouble_elsewhere_never_fails_it(self, world: World) -> None:
        world.sandbox.add_fault("QueryUSMSSignature:retcode=18003:always")
        ended = world.run("plan", "--since", "main", "--detailed-exitcode")
        assert ended.code == 0, ended.out
        assert "could not be read: two" in ended.out
        assert "Plan: nothing to do" in ended.out

    def test_offline_it_needs_neither_keys_nor_state_nor_network(self, world: World) -> None:
        world.manifest("one", "甲乙丙丁戊", id="SIG1")
        (world.root / "signatures" / "two.yaml").unlink()
        (world.root / "reconciler.toml").write_text('state = "git:nowhere"\n')
        for name in ("UCLOUD_PUBLIC_KEY", "UCLOUD_PRIVATE_KEY", "UCLOUD_PROJECT_ID"):
            del world.environ[name]
        asked = len(world.sandbox.log())
        ended = world.run("plan", "--offline", "--since", "main", "--format", "json")
        assert ended.code == 0, ended.err
        rows = [(row["name"], row["action"], row["diff"]) for row in ended.json["changes"]]
        difference = {"field": "content", "before": "甲乙丙丁", "after": "甲乙丙丁戊"}
        assert rows == [("one", "resubmit", [difference]), ("two", "forget", [])]
        assert ended.json["elsewhere"] == {"changes": [], "errors": []}
        assert len(world.sandbox.log()) == asked

    def test_names_narrow_it_further(self, world: World) -> None:
        world.manifest("one", "甲乙丙丁戊", id="SIG1")
        words = ("plan", "--offline", "--since", "main", "--format", "json")
        assert world.run(*words, "--only", "two").json["changes"] == []
        assert len(world.run(*words, "--only", "o*").json["changes"]) == 1
        assert world.run(*words, "--only", "nobody").code == 64

    def test_no_file_s_name_is_a_command_to_the_runner_of_a_workflow(self, world: World) -> None:
        world.sandbox.add_fault("QueryUSMSSignature:retcode=18003:always")
        world.manifest("::error::mine", "天地玄黄", id="SIG3")
        words = ("plan", "--since", "main")
        assert "\n  ::error::mine  " in world.run(*words).out
        shown = world.run(*words, GITHUB_ACTIONS="true").out
        assert "\n  \\u003a:error::mine  " in shown
        document = world.run(*words, "--format", "json", GITHUB_ACTIONS="true").json
        assert [each["name"] for each in document["errors"]] == ["::error::mine"]

    def test_annotations_are_commands_all_the_same(self, world: World) -> None:
        world.manifest("bad", "天", id="SIG9")
        ended = world.run("validate", "--format", "github", GITHUB_ACTIONS="true")
        assert any(line.startswith("::error ") for line in ended.out.splitlines())

    def test_an_unknown_commit_is_wrong_usage(self, world: World) -> None:
        ended = world.run("plan", "--since", "nowhere")
        assert ended.code == 64
        assert "fetch-depth: 0" in ended.err

    def test_removing_the_last_touched_manifest_is_no_emptied_repository(
        self, world: World
    ) -> None:
        (world.root / "signatures" / "two.yaml").unlink()
        assert world.run("apply", "--since", "main", "--yes").code == 0
        assert "SIG2.json" not in world.state_files()


class TestComment:
    def run(self, world: World, fake: FakeGitHub, *words: str, **more: str) -> tuple[int, str, str]:
        ended = world.run("comment", *words, **fake.environment(), **more)
        return ended.code, ended.out, ended.err

    def test_it_is_posted_once_and_then_edited(self, world: World, tmp_path: Path) -> None:
        body, log = tmp_path / "plan.md", tmp_path / "log.txt"
        body.write_text("# One\n")
        log.write_text("```\nthe log\x1b[31m\n")
        with FakeGitHub() as fake:
            number = fake.pull("a" * 40)
            words = ("--body-file", str(body), "--number", str(number))
            first = self.run(world, fake, *words)
            again = self.run(world, fake, *words)
            changed = self.run(world, fake, *words, "--log-file", str(log))
            (comment,) = fake.comments[number]
        assert [out.split()[0] for _, out, _ in (first, again, changed)] == [
            "created",
            "unchanged",
            "updated",
        ]
        assert comment["user"]["login"] == ACTIONS
        assert comment["body"].splitlines() == [
            "<!-- reconciler:plan -->",
            "",
            "# One",
            "",
            "````text",
            "```",
            r"the log\x1b[31m",
            "````",
        ]

    def test_a_token_of_somebody_unexpected_is_told_how_to_find_its_comment_again(
        self, world: World, tmp_path: Path
    ) -> None:
        body = tmp_path / "plan.md"
        body.write_text("# One\n")
        with FakeGitHub(user="our-app[bot]") as fake:
            fake.fail("GET", "/user", FORBIDDEN, times=2)
            words = ("--body-file", str(body), "--number", str(fake.pull("a" * 40)))
            code, out, err = self.run(world, fake, *words)
            assert (code, out.split()[0]) == (0, "created")
            assert "--author our-app[bot]" in err
            _, again, _ = self.run(world, fake, *words, "--author", "our-app[bot]")
        assert again.startswith("unchanged ")

    def test_mistakes_are_told_before_anything_is_sent(self, world: World, tmp_path: Path) -> None:
        body = tmp_path / "plan.md"
        body.write_bytes(b"\xff")
        with FakeGitHub() as fake:
            there = ("--number", "1", "--body-file")
            for words, code, said in (
                (("--body-file", str(body)), 64, "runs for no pull request"),
                ((*there, str(tmp_path / "absent")), 64, "cannot be read"),
                ((*there, str(body)), 64, "not UTF-8"),
                ((*there, "plan.md", "--target", "-->"), 64, "not a name"),
                ((*there, "plan.md", "--plan-file", "plan.json"), 64, "no commit"),
            ):
                (world.root / "plan.md").write_text("text")
                ended = self.run(world, fake, *words)
                assert (ended[0], said in ended[2]) == (code, True), ended[2]
            assert fake.asked == []

    def test_a_long_body_is_cut_to_what_the_forge_takes(self, world: World, tmp_path: Path) -> None:
        body = tmp_path / "plan.md"
        body.write_text("```\n" + "字" * 79 + "\n" + "a line\n" * 20_000)
        with FakeGitHub() as fake:
            number = fake.pull("a" * 40)
            code, _, _ = self.run(world, fake, "--body-file", str(body), "--number", str(number))
            (text,) = fake.texts(number)
        assert code == 0
        assert len(text) <= 65_536
        assert "more characters did not fit" in text


class TestReviewed:
    def test_a_commit_is_named_whole(self, world: World) -> None:
        ended = subprocess_run(world, "reviewed", "--commit", "abc")
        assert ended.returncode == 64
        assert "no whole commit" in ended.stderr


class TestDrift:
    def test_each_format_tells_what_is_wrong(self, world: World) -> None:
        text = world.run("drift")
        assert text.code == 0
        assert "名称不规范" in text.out
        assert text.out.splitlines()[-1] == "Drift: 1 rejected"
        found = world.run("drift", "--format", "json").json
        check(found, "drift")
        assert [each["id"] for each in found["troubles"]] == ["SIG2"]

    def test_a_wrong_manifest_does_not_hide_the_others(self, world: World) -> None:
        world.manifest("bad", "天", id="SIG9")
        assert world.run("drift").out.splitlines()[-1] == "Drift: 1 invalid, 1 rejected"

    def test_the_issue_stays_while_something_could_not_be_asked(self, world: World) -> None:
        world.sandbox.add_fault("QueryUSMSSignature:retcode=18003:always")
        with FakeGitHub() as fake:
            ended = world.run("drift", "--issue", **fake.environment())
            assert fake.asked == []
        assert ended.code == 1
        assert "left as it is" in ended.err


class TestInit:
    def test_what_it_writes_validates_and_plans_at_once(
        self, make_world: MakeWorld, tmp_path: Path
    ) -> None:
        world = make_world()
        root = tmp_path / "mine"
        root.mkdir()
        git("init", "--quiet", "--initial-branch", "trunk", cwd=root)
        world.root = root
        made = world.run("init", "--ci", "github")
        assert made.code == 0, made.err
        assert "signatures/example.yaml (new)" in made.out
        assert "    content: 示例科技" in made.out
        assert "  3. Run `reconciler validate`" in made.out
        assert world.run("validate").code == 0
        assert world.run("plan", "--detailed-exitcode").code == 0
        zizmor = str(Path(sys.executable).with_name("zizmor"))
        audit = [zizmor, "--offline", "--persona", "auditor", "--quiet", "--no-progress", "."]
        found = subprocess.run(audit, cwd=root, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout
        again = world.run("init", "--ci", "github")
        assert "Wrote 0 of 9 files." in again.out

    def test_a_dry_run_writes_nothing(self, make_world: MakeWorld, tmp_path: Path) -> None:
        world = make_world()
        world.root = tmp_path / "mine"
        world.root.mkdir()
        assert world.run("init", "--ci", "gitlab", "--dry-run").code == 0
        assert list(world.root.iterdir()) == []

    def test_a_pipeline_is_not_put_where_no_forge_looks_for_it(self, world: World) -> None:
        world.root = world.root / "sms"
        world.root.mkdir()
        ended = world.run("init", "--ci", "github")
        assert ended.code == 64
        assert "inside of a git repository" in ended.err
        assert list(world.root.iterdir()) == []
        assert world.run("init").code == 0

    def test_a_pipeline_that_is_there_already_is_kept_and_told_what_to_include(
        self, make_world: MakeWorld, tmp_path: Path
    ) -> None:
        world = make_world()
        world.root = tmp_path / "mine"
        world.root.mkdir()
        (world.root / ".gitlab-ci.yml").write_text("# mine\n")
        ended = world.run("init", "--ci", "gitlab")
        assert ended.code == 0, ended.err
        assert "Not overwritten, since they differ: .gitlab-ci.yml." in ended.out
        assert "Add `- local: .gitlab/reconciler.gitlab-ci.yml` below `include:`" in ended.out
        assert (world.root / ".gitlab-ci.yml").read_text() == "# mine\n"

    def test_a_requirement_that_is_none_is_wrong_usage(self, make_world: MakeWorld) -> None:
        world = make_world()
        assert world.run("init", "--tool", 'a" b').code == 64


def subprocess_run(world: World, *words: str) -> subprocess.CompletedProcess[str]:
    """A command that has no --root."""
    return subprocess.run(
        [sys.executable, "-m", "reconciler", *words],
        env=world.environ,
        cwd=world.root,
        capture_output=True,
        text=True,
        check=False,
    )

"""The main job over real sockets: validate, plan, apply, status, as a user runs them."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from reconciler.model import ReviewStatus
from reconciler.resources import schema_path
from tests.integration.conftest import MakeWorld
from tests.integration.world import PNG, World

UPDATE = "UpdateUSMSSignature"


def check_against_schema(document: object, name: str) -> None:
    schema = json.loads(schema_path(f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)


def actions(world: World) -> dict[str, tuple[str, str]]:
    """By name, the action and the reason of each row of a plan."""
    document = world.run("plan", "--format", "json").json
    check_against_schema(document, "plan")
    return {row["name"]: (row["action"], row["reason"]) for row in document["changes"]}


class TestTheWholePath:
    @pytest.fixture
    def world(self, make_world: MakeWorld) -> World:
        world = make_world(
            SIG1=("rejected", "甲乙丙丁"),
            SIG2=("approved", "子丑寅卯"),
            SIG3=("pending", "天地玄黄"),
        )
        world.manifest("retail/first", "甲乙丙丁", id="SIG1")
        world.manifest("retail/second", "子丑寅卯", id="SIG2")
        world.manifest("third", "日月盈昃", id="SIG3")
        return world

    def test_only_unapproved_signatures_that_differ_are_sent(self, world: World) -> None:
        assert actions(world) == {
            "retail/first": ("resubmit", "first_submission"),
            "retail/second": ("adopt", "untracked"),
            "third": ("resubmit", "content_differs"),
        }
        applied = world.run("apply", "--yes", "--format", "json")
        assert applied.code == 0
        check_against_schema(applied.json, "apply")
        assert applied.json["summary"]["submitted"] == 2
        sent = {entry.ids: entry.content for entry in world.requests(UPDATE)}
        assert sent == {("SIG1",): "甲乙丙丁", ("SIG3",): "日月盈昃"}

    def test_the_plan_after_apply_is_empty_and_exits_0(self, world: World) -> None:
        assert world.run("plan", "--detailed-exitcode").code == 2
        world.run("apply", "--yes")
        again = world.run("plan", "--detailed-exitcode")
        assert again.code == 0
        assert "nothing to do" in again.out
        world.run("apply", "--yes")
        assert len(world.requests(UPDATE)) == 2

    def test_an_edited_manifest_alone_is_resubmitted(self, world: World) -> None:
        world.run("apply", "--yes")
        world.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
        world.manifest("retail/first", "甲乙丙丁戊", id="SIG1")
        plan = world.run("plan", "--format", "json").json
        row = next(row for row in plan["changes"] if row["name"] == "retail/first")
        assert (row["action"], row["reason"]) == ("resubmit", "changed")
        assert row["rejection"] == "名称不规范"
        assert row["diff"] == [{"field": "content", "before": "甲乙丙丁", "after": "甲乙丙丁戊"}]
        assert world.run("apply", "--fingerprint", plan["fingerprint"]).code == 0
        assert [entry.ids for entry in world.requests(UPDATE)][2:] == [("SIG1",)]

    def test_two_plans_over_the_same_facts_print_the_same_bytes(self, world: World) -> None:
        first, second = (world.run("plan", "--format", "json").json for _ in range(2))
        for document in (first, second):
            del document["timestamp"]
        assert json.dumps(first) == json.dumps(second)
        texts = {world.run("plan").out for _ in range(2)}
        assert len(texts) == 1

    def test_an_approval_after_the_plan_is_respected(self, world: World) -> None:
        saved = world.root / "plan.json"
        world.run("plan", "--out", str(saved))
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        applied = world.run("apply", "--plan", str(saved))
        assert applied.code == 4
        assert "stale" in applied.err
        assert world.requests(UPDATE) == []

    def test_status_shows_health_and_remembers_what_it_saw(self, world: World) -> None:
        world.run("apply", "--yes")
        world.sandbox.review("SIG3", ReviewStatus.REJECTED, "名称不规范")
        status = world.run("status", "--format", "json")
        assert status.code == 0
        check_against_schema(status.json, "status")
        health = {row["name"]: row["health"] for row in status.json["signatures"]}
        assert health["retail/second"] == "Healthy"
        assert health["third"] == "Degraded"
        record = json.loads(world.state_files()["SIG3.json"])
        assert record["observation"]["rejection"] == "名称不规范"

    def test_a_moved_file_resubmits_nothing(self, world: World) -> None:
        world.run("apply", "--yes")
        (world.root / "signatures" / "third.yaml").unlink()
        world.manifest("elsewhere/renamed", "日月盈昃", id="SIG3")
        assert actions(world)["elsewhere/renamed"][0] == "no-op"

    def test_a_removed_manifest_is_forgotten_and_the_service_is_not_touched(
        self, world: World
    ) -> None:
        world.run("apply", "--yes")
        (world.root / "signatures" / "third.yaml").unlink()
        assert actions(world)["third"] == ("forget", "unmanaged")
        assert world.run("apply", "--yes").code == 0
        assert "SIG3.json" not in world.state_files()
        assert world.sandbox.signature("SIG3") is not None

    def test_plan_sends_nothing_but_queries(self, world: World) -> None:
        world.run("plan")
        assert {entry.action for entry in world.sandbox.log()} == {"QueryUSMSSignature"}
        assert world.state_files() == {}


class TestSeveralIds:
    def test_those_to_resubmit_go_out_in_one_request(self, make_world: MakeWorld) -> None:
        world = make_world(
            SIG1=("rejected", "甲乙丙丁"),
            SIG2=("approved", "甲乙丙丁"),
            SIG3=("pending", "子丑寅卯"),
        )
        world.manifest("many", "甲乙丙丁", id=["SIG1", "SIG2", "SIG3"])
        assert world.run("apply", "--yes").code == 0
        assert [entry.ids for entry in world.requests(UPDATE)] == [("SIG1", "SIG3")]
        assert sorted(world.state_files()) == [
            ".gitignore",
            ".lock",
            "SIG1.json",
            "SIG2.json",
            "SIG3.json",
        ]


class TestFaults:
    """Each fault hits the first try; the service is well again for the next."""

    @pytest.mark.parametrize(
        "kind",
        ["throttle", "http429", "http502", "drop-before", "drop-after", "cut"],
    )
    def test_an_update_is_retried_until_it_is_accepted(
        self, make_world: MakeWorld, kind: str
    ) -> None:
        world = make_world(faults=(f"{UPDATE}:{kind}",), SIG1=("rejected", "甲乙丙丁"))
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        assert world.run("apply", "--yes").code == 0
        assert world.requests(UPDATE)[-1].accepted
        assert "SIG1.json" in world.state_files()

    @pytest.mark.parametrize("kind", ["unknown-status", "retcode=18003"])
    def test_a_query_that_fails_leaves_the_others_alone(
        self, make_world: MakeWorld, kind: str
    ) -> None:
        world = make_world(SIG1=("rejected", "甲乙丙丁"), SIG2=("rejected", "子丑寅卯"))
        world.manifest("a", "甲乙丙丁", id="SIG1")
        world.manifest("b", "子丑寅卯", id="SIG2")
        world.sandbox.add_fault(f"QueryUSMSSignature:{kind}")
        plan = world.run("plan", "--format", "json")
        assert plan.code == 1
        assert len(plan.json["errors"]) == 1
        assert len(plan.json["changes"]) == 1

    def test_an_id_that_the_service_does_not_know_is_blocked(self, make_world: MakeWorld) -> None:
        world = make_world()
        world.manifest("shop", "甲乙丙丁", id="SIGNOWHERE")
        plan = world.run("plan", "--format", "json")
        assert plan.code == 4
        assert [(r["action"], r["reason"]) for r in plan.json["changes"]] == [
            ("blocked", "not_found")
        ]

    @pytest.mark.parametrize("kind", ["hang-after:always", "garbage"])
    def test_no_usable_answer_is_an_unknown_outcome_that_the_next_run_settles(
        self, make_world: MakeWorld, kind: str
    ) -> None:
        world = make_world(faults=(f"{UPDATE}:{kind}",), SIG1=("rejected", "甲乙丙丁"))
        world.manifest("shop", "甲乙丙丁戊", id="SIG1")
        first = world.run("apply", "--yes", "--format", "json", UCLOUD_TIMEOUT_SECOND="0.2")
        assert first.code == 1
        assert first.json["outcomes"][0]["outcome"] == "unknown"
        world.sandbox.clear_faults()
        assert world.run("apply", "--yes").code == 0
        assert "nothing to do" in world.run("plan").out

    def test_a_hopeless_answer_stops_everything_with_one_message(
        self, make_world: MakeWorld
    ) -> None:
        names = [f"SIG{n}" for n in range(30)]
        world = make_world(**{n: ("rejected", f"甲乙丙丁{i}") for i, n in enumerate(names)})
        for index, name in enumerate(names):
            world.manifest(name.lower(), f"甲乙丙丁{index}", id=name)
        ended = world.run("plan", UCLOUD_PRIVATE_KEY="wrong-key-never-shown")
        assert ended.code == 1
        assert ended.err.count("171") == 1
        assert len(world.sandbox.log()) < len(names)
        assert "wrong-key-never-shown" not in ended.out + ended.err


class TestRefusals:
    @pytest.fixture
    def world(self, make_world: MakeWorld) -> World:
        return make_world(SIG1=("rejected", "甲乙丙丁"))

    def test_one_bad_manifest_stops_everything_and_is_reported_with_all_others(
        self, world: World
    ) -> None:
        world.manifest("good", "甲乙丙丁", id="SIG1")
        world.manifest("bad", "子", type=0)
        world.manifest("worse", "天地玄黄", purpose="others-use", certificate=None)
        for words in (("plan",), ("apply", "--yes")):
            ended = world.run(*words)
            assert ended.code == 3
            assert "signatures/bad.yaml:" in ended.err
            assert "signatures/worse.yaml:" in ended.err
        assert world.sandbox.log() == ()

    def test_apply_without_a_terminal_wants_somebodys_consent(self, world: World) -> None:
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        ended = world.run("apply")
        assert ended.code == 64
        assert "--yes" in ended.err
        assert world.sandbox.log() == ()

    def test_more_submissions_than_the_limit_are_refused(self, world: World) -> None:
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        ended = world.run("apply", "--yes", "--max-submissions", "0")
        assert ended.code == 4
        assert "--max-submissions 1" in ended.err
        assert world.requests(UPDATE) == []

    def test_a_document_that_changes_on_its_way_is_never_accepted(self, world: World) -> None:
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        saved = world.root / "plan.json"
        world.run("plan", "--out", str(saved))
        (world.root / "documents" / "licence.png").write_bytes(PNG + b"more")
        ended = world.run("apply", "--plan", str(saved))
        assert ended.code == 4
        assert world.requests(UPDATE) == []

    def test_an_unreachable_service_is_one_clear_message(self, world: World) -> None:
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        ended = world.run("plan", UCLOUD_API_BASE_URL="http://127.0.0.1:1")
        assert ended.code == 1
        assert "127.0.0.1:1" in ended.out + ended.err
        assert "Traceback" not in ended.err

    def test_missing_keys_say_where_they_were_looked_for(self, world: World) -> None:
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        del world.environ["UCLOUD_PRIVATE_KEY"]
        ended = world.run("plan")
        assert ended.code == 1
        assert "UCLOUD_PRIVATE_KEY" in ended.err

    def test_a_damaged_record_is_named_and_nothing_is_overwritten(self, world: World) -> None:
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        world.run("apply", "--yes")
        record = world.root / ".reconciler" / "state" / "SIG1.json"
        record.write_text(record.read_text("utf-8")[:50], "utf-8")
        before = record.read_bytes()
        ended = world.run("apply", "--yes")
        assert ended.code == 1
        assert "SIG1.json" in ended.err
        assert record.read_bytes() == before


class TestInterruption:
    def test_ctrl_c_finishes_and_records_what_is_in_flight(self, make_world: MakeWorld) -> None:
        names = [f"SIG{n}" for n in range(12)]
        world = make_world(
            faults=(f"{UPDATE}:slow:always",),
            **{n: ("rejected", f"甲乙丙丁{i}") for i, n in enumerate(names)},
        )
        for index, name in enumerate(names):
            world.manifest(name.lower(), f"甲乙丙丁{index}", id=name)
        with world.start("apply", "--yes", "--format", "json") as process:
            for _ in seconds(20):
                if world.requests(UPDATE):
                    break
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        assert process.returncode == 130
        summary = json.loads(out)["summary"]
        accepted = {entry.ids[0] for entry in world.requests(UPDATE) if entry.accepted}
        assert summary["submitted"] == len(accepted)
        assert summary["skipped"] == len(names) - len(accepted)
        assert {f"{known}.json" for known in accepted} <= set(world.state_files())
        world.sandbox.clear_faults()
        assert world.run("apply", "--yes").code == 0
        assert "nothing to do" in world.run("plan").out


def seconds(limit: float) -> Iterator[None]:
    """Look again every so often, for a process of its own to come to a point."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        yield
        time.sleep(0.05)
    raise AssertionError("it never came to that point")


class TestSecrets:
    def test_neither_keys_nor_signings_nor_documents_reach_any_output(
        self, make_world: MakeWorld
    ) -> None:
        world = make_world(faults=("*:garbage:2",), SIG1=("rejected", "甲乙丙丁"))
        world.manifest("shop", "甲乙丙丁", id="SIG1")
        for words in (
            ("plan", "--debug"),
            ("apply", "--yes", "--debug"),
            ("status", "--debug", "--format", "json"),
            ("plan", "--debug", "--format", "json", "--out", str(world.root / "plan.json")),
        ):
            world.run(*words)
        kept = [*world.state_files().values(), (world.root / "plan.json").read_text("utf-8")]
        everything = "\n".join([*world.heard, *kept])
        assert "QueryUSMSSignature" in everything, "the debug log was really on"
        assert world.environ["UCLOUD_PRIVATE_KEY"] not in everything
        assert "iVBORw0KGgo" not in everything, "a PNG in base64 begins like this"
        signings = [e.parameters["Signature"] for e in world.sandbox.log() if e.parameters]
        assert set(signings) == {"(hidden)"}
        assert "Signature=" not in everything
        assert '"Signature"' not in everything

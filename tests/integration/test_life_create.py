"""Applying for signatures, as a user does it: once each, whatever happens on the way."""

from __future__ import annotations

import json
import signal
import time

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.world import World

CREATE = "CreateUSMSSignature"
WAIT = 20.0
"""Seconds before a test gives up; none waits that long unless it fails."""
NEW = {"description": "Login codes of the shop"}


def records(world: World) -> dict[str, dict[str, object]]:
    """The records by id."""
    files = world.state_files()
    return {n.removesuffix(".json"): json.loads(t) for n, t in files.items() if n.endswith(".json")}


def intents(world: World) -> int:
    return len(list((world.root / ".reconciler" / "state" / "intents").glob("*.json")))


class TestANewSignature:
    @pytest.fixture
    def world(self, make_world: MakeWorld) -> World:
        world = make_world()
        world.manifest("shop", "甲乙丙丁", **NEW)
        return world

    def test_is_applied_for_once_and_its_id_is_kept(self, world: World) -> None:
        applied = world.run("apply", "--yes", "--format", "json")
        assert applied.code == 0
        (outcome,) = applied.json["outcomes"]
        assert (outcome["outcome"], outcome["reason"]) == ("created", "new")
        (record,) = records(world).values()
        assert (record["id"], record["name"], record["origin"]) == (
            outcome["id"],
            "shop",
            "created",
        )
        assert intents(world) == 0
        assert "nothing to do" in world.run("plan").out

    def test_keeps_its_id_when_its_file_is_renamed_and_then_edited(self, world: World) -> None:
        world.run("apply", "--yes")
        (world.root / "signatures" / "shop.yaml").unlink()
        world.manifest("elsewhere/new-name", "甲乙丙丁", **NEW)
        assert world.run("apply", "--yes").code == 0
        world.manifest("elsewhere/new-name", "甲乙丙丁戊", **NEW)
        assert world.run("apply", "--yes").code == 0
        assert len(world.requests(CREATE)) == 1
        (signature,) = world.sandbox.signatures()
        assert signature.content == "甲乙丙丁戊"

    def test_that_is_there_already_is_adopted_and_not_made_again(
        self, make_world: MakeWorld
    ) -> None:
        world = make_world(SIG7=("approved", "甲乙丙丁"))
        world.manifest("shop", "甲乙丙丁", **NEW)
        assert world.run("apply", "--yes").code == 0
        assert world.requests(CREATE) == []
        assert records(world)["SIG7"]["origin"] == "adopted"

    @pytest.mark.parametrize("fault", ["drop-after", "garbage", "cut", "hang-after"])
    def test_whose_answer_was_lost_is_found_by_its_content(self, world: World, fault: str) -> None:
        world.sandbox.add_fault(f"{CREATE}:{fault}")
        applied = world.run("apply", "--yes", "--format", "json", UCLOUD_TIMEOUT_SECOND="1")
        assert applied.code == 0
        assert [each["outcome"] for each in applied.json["outcomes"]] == ["created"]
        assert len(world.sandbox.signatures()) == len(world.requests(CREATE)) == 1
        assert intents(world) == 0

    def test_whose_request_never_arrived_has_failed_and_the_next_run_makes_it(
        self, world: World
    ) -> None:
        world.sandbox.add_fault(f"{CREATE}:drop-before:always")
        applied = world.run("apply", "--yes", "--format", "json")
        assert applied.code == 1
        assert [each["outcome"] for each in applied.json["outcomes"]] == ["failed"]
        assert "the service does not have it" in applied.json["outcomes"][0]["detail"]
        world.sandbox.clear_faults()
        assert world.run("apply", "--yes").code == 0
        assert len(world.sandbox.signatures()) == 1
        assert intents(world) == 0


class TestAKilledRun:
    def killed(self, world: World, fault: str) -> None:
        """An apply that is killed while it waits for the answer to its application."""
        world.sandbox.add_fault(f"{CREATE}:{fault}:always")
        with world.start("apply", "--yes") as process:
            until = time.monotonic() + WAIT
            while not world.requests(CREATE) and time.monotonic() < until:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        world.sandbox.clear_faults()
        assert len(world.requests(CREATE)) == intents(world) == 1

    def test_that_was_accepted_is_recorded_by_the_next_and_made_once(
        self, make_world: MakeWorld
    ) -> None:
        world = make_world()
        world.manifest("shop", "甲乙丙丁", **NEW)
        self.killed(world, "hang-after")
        plan = world.run("plan", "--format", "json")
        assert [row["action"] for row in plan.json["changes"]] == ["no-op"]
        assert records(world) == {}
        applied = world.run("apply", "--yes", "--format", "json")
        assert applied.code == 0
        (outcome,) = applied.json["outcomes"]
        assert outcome["outcome"] == "created"
        assert "earlier run" in outcome["detail"]
        assert records(world)[outcome["id"]]["origin"] == "created"
        assert (len(world.sandbox.signatures()), intents(world)) == (1, 0)

    def test_that_was_rejected_meanwhile_is_not_sent_again(self, make_world: MakeWorld) -> None:
        world = make_world()
        world.manifest("shop", "甲乙丙丁", **NEW)
        self.killed(world, "hang-after")
        (signature,) = world.sandbox.signatures()
        world.sandbox.review(signature.id, ReviewStatus.REJECTED, "名称不规范")
        assert world.run("apply", "--yes").code == 0
        assert world.requests("UpdateUSMSSignature") == []

    def test_that_was_not_accepted_is_made_by_the_next(self, make_world: MakeWorld) -> None:
        world = make_world()
        world.manifest("shop", "甲乙丙丁", **NEW)
        self.killed(world, "hang")
        assert world.run("apply", "--yes").code == 0
        assert (len(world.sandbox.signatures()), intents(world)) == (1, 0)
        assert len(records(world)) == 1


class TestWritingIds:
    def test_keeps_every_comment_and_works_for_ids_of_earlier_runs(
        self, make_world: MakeWorld
    ) -> None:
        world = make_world()
        path = world.manifest("shop", "甲乙丙丁", **NEW)
        raw = "# 我们的\r\n".encode() + path.read_bytes().replace(b"\n", b"  # why\r\n")
        path.write_bytes(raw)
        path.chmod(0o640)
        world.run("apply", "--yes")
        assert path.read_bytes() == raw
        written = world.run("apply", "--yes", "--write-ids")
        assert written.code == 0
        (known,) = records(world)
        assert f"signatures/shop.yaml: id {known} is written." in written.err
        head, _, rest = raw.partition(b"\r\n")
        assert path.read_bytes() == head + f"\r\nid: {known}\r\n".encode() + rest
        assert path.stat().st_mode & 0o777 == 0o640
        assert "nothing to do" in world.run("plan").out

    def test_happens_in_the_run_that_makes_them(self, make_world: MakeWorld) -> None:
        world = make_world(SIG7=("approved", "子丑寅卯"))
        made, found = world.manifest("a", "甲乙丙丁", **NEW), world.manifest("b", "子丑寅卯", **NEW)
        assert world.run("apply", "--yes", "--write-ids").code == 0
        assert made.read_text("utf-8").startswith("id: SIGSANDBOX000001\n")
        assert found.read_text("utf-8").startswith("id: SIG7\n")

    def test_that_cannot_be_done_is_told_and_the_rest_is_done(self, make_world: MakeWorld) -> None:
        world = make_world()
        odd, even = (
            world.manifest("odd", "甲乙丙丁", **NEW),
            world.manifest("even", "子丑寅卯", **NEW),
        )
        odd.write_text("? " + odd.read_text("utf-8").replace("content: ", "content\n: ", 1))
        before = odd.read_bytes()
        applied = world.run("apply", "--yes", "--write-ids", "--format", "json")
        assert applied.code == 1
        assert "signatures/odd.yaml: the id" in applied.err
        assert applied.json["summary"]["created"] == 2
        assert odd.read_bytes() == before
        assert even.read_text("utf-8").startswith("id: ")


class TestTombstones:
    def test_are_deleted_in_one_request(self, make_world: MakeWorld) -> None:
        world = make_world(
            SIG1=("approved", "甲乙丙丁"),
            SIG2=("rejected", "子丑寅卯"),
            SIG3=("disabled", "天地玄黄"),
        )
        for number in (1, 2, 3):
            path = world.root / "signatures" / f"s{number}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"id: SIG{number}\nabsent: true\n")
        plan = world.run("plan")
        assert plan.out.count("cannot be undone") == 3
        applied = world.run("apply", "--yes", "--format", "json")
        assert applied.json["summary"]["deleted"] == 3
        assert [each.ids for each in world.requests("DeleteUSMSSignature")] == [
            ("SIG1", "SIG2", "SIG3")
        ]
        assert world.sandbox.signatures() == ()
        assert "nothing to do" in world.run("plan").out

    def test_whose_answer_was_lost_are_deleted_all_the_same(self, make_world: MakeWorld) -> None:
        world = make_world(SIG1=("approved", "甲乙丙丁"))
        world.sandbox.add_fault("DeleteUSMSSignature:drop-after")
        (world.root / "signatures").mkdir()
        (world.root / "signatures" / "old.yaml").write_text("id: SIG1\nabsent: true\n")
        applied = world.run("apply", "--yes", "--format", "json")
        assert (applied.code, applied.json["summary"]["deleted"]) == (0, 1)

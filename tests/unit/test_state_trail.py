"""The audit trail: what happened, read from the versions of the records."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.model import Observation, Origin, Recorded, ReviewStatus
from reconciler.state.around import Around
from reconciler.state.file_trail import FileTrail
from reconciler.state.message import message, run_in, why_in
from reconciler.state.open import open_state
from reconciler.state.records import encode
from reconciler.state.trail import DAMAGED, Event, Version, events, of
from tests.unit.builders import recorded
from tests.unit.git_world import GITHUB, NOW, PAGE
from tests.unit.test_state_entries import REMOVED, put

DAY = [f"2026-11-2{day}T08:00:00+00:00" for day in range(5)]


def version(record: Recorded | None, day: int, *, id: str = "SIG1", why: str = "") -> Version:
    return Version(id=id, at=DAY[day], record=record, why=why, run=f"run {day}")


def seen(record: Recorded, day: int, status: ReviewStatus = ReviewStatus.REJECTED) -> Recorded:
    said = "太短" if status is ReviewStatus.REJECTED else None
    return replace(record, observation=Observation(status=status, rejection=said, at=DAY[day]))


def told(*versions: Version) -> list[tuple[str, str]]:
    return [(event.at, event.what) for event in events(versions)]


FIRST = replace(recorded(), at=DAY[0], head="abc")
SECOND = replace(recorded(content="子丑寅卯"), at=DAY[2], request_uuid="uuid-2")


class TestTheTrail:
    def test_tells_every_submission_with_the_reviewers_answers_between(self) -> None:
        assert told(
            version(FIRST, 0), version(seen(FIRST, 1), 1), version(SECOND, 2),
            version(seen(SECOND, 3, ReviewStatus.APPROVED), 3),
        ) == [
            (DAY[0], "submitted"), (DAY[1], "seen rejected"),
            (DAY[2], "submitted"), (DAY[3], "seen approved"),
        ]  # fmt: skip

    def test_says_by_which_commit_run_and_request_and_what_the_reviewer_wrote(self) -> None:
        submitted, answer = events([version(FIRST, 0), version(seen(FIRST, 1), 1)])
        assert submitted == Event(
            at=DAY[0],
            id="SIG1",
            name="shop",
            what="submitted",
            fingerprint=FIRST.fingerprint,
            request_uuid="uuid-1",
            head="abc",
            run="run 0",
            tool_version="0.1.0",
        )
        assert (answer.what, answer.rejection) == ("seen rejected", "太短")

    def test_finds_both_in_one_version_when_they_were_shared_together(self) -> None:
        assert told(version(seen(FIRST, 1), 1)) == [
            (DAY[0], "submitted"),
            (DAY[1], "seen rejected"),
        ]

    def test_tells_an_adoption_with_the_status_that_was_found(self) -> None:
        adopted = replace(seen(FIRST, 0, ReviewStatus.APPROVED), origin=Origin.ADOPTED)
        assert told(version(adopted, 0)) == [(DAY[0], "adopted"), (DAY[0], "seen approved")]

    def test_tells_nothing_where_nothing_is_new(self) -> None:
        assert told(version(FIRST, 0), version(FIRST, 1)) == [(DAY[0], "submitted")]

    def test_tells_a_renaming_and_a_removal_as_the_writer_called_it(self) -> None:
        renamed = replace(FIRST, name="other")
        assert told(version(FIRST, 0), version(renamed, 1), version(None, 2, why="deleted")) == [
            (DAY[0], "submitted"),
            (DAY[1], "renamed"),
            (DAY[2], "deleted"),
        ]

    def test_starts_again_after_a_removal(self) -> None:
        assert told(
            version(FIRST, 0), version(None, 1, why="forgotten"), version(FIRST, 2)
        )[-1] == (DAY[0], "submitted")  # fmt: skip

    def test_passes_over_what_cannot_be_read(self) -> None:
        assert told(
            version(FIRST, 0), version(None, 1, why=DAMAGED), version(seen(FIRST, 2), 2)
        ) == [(DAY[0], "submitted"), (DAY[1], "damaged"), (DAY[2], "seen rejected")]  # fmt: skip

    def test_of_a_removal_that_nobody_saw_coming_has_no_name(self) -> None:
        assert next(events([version(None, 1, why="forgotten")])).name is None

    def test_of_a_name_holds_all_of_its_ids_and_what_they_were_called_before(self) -> None:
        other = replace(recorded("SIG2", name="other"), at=DAY[1])
        renamed = replace(FIRST, name="new")
        versions = [version(FIRST, 0), version(other, 1, id="SIG2"), version(renamed, 2)]
        assert [event.what for event in of("shop", versions)] == ["submitted", "renamed"]
        assert of("new", versions) == of("shop", versions) == of("SIG1", versions)
        assert [event.id for event in of("other", versions)] == ["SIG2"]
        assert of("nothing", versions) == []


class TestTheTrailInFiles:
    @pytest.fixture
    def around(self) -> Around:
        return Around(environ=GITHUB, clock=lambda: NOW)

    @pytest.fixture
    def trail(self, tmp_path: Path, around: Around) -> FileTrail:
        return FileTrail(tmp_path / "log", shown="state/log", around=around)

    def test_keeps_what_was_recorded_with_the_run(self, trail: FileTrail) -> None:
        trail.add("SIG1", encode(FIRST), why="submitted")
        trail.add("SIG1", None, why="deleted")
        at = NOW.isoformat(timespec="seconds")
        assert list(trail.versions()) == [
            Version(id="SIG1", at=at, record=FIRST, why="submitted", run=PAGE),
            Version(id="SIG1", at=at, record=None, why="deleted", run=PAGE),
        ]

    @pytest.mark.parametrize("id", ["a/b", "..", "签名", "a.b", "签" * 128, "x" * 300])
    def test_finds_every_id_again(self, trail: FileTrail, id: str) -> None:
        """One that is too long for the name of a file, too: what was sent must be recorded."""
        trail.add(id, None, why="forgotten")
        assert [version.id for version in trail.versions()] == [id]

    def test_is_read_as_earlier_versions_wrote_it(self, trail: FileTrail, tmp_path: Path) -> None:
        trail.add("SIG1", encode(FIRST), why="submitted")
        path = tmp_path / "log" / "SIG1.jsonl"
        line = json.loads(path.read_text("utf-8"))
        assert line.pop("id") == "SIG1"
        path.write_text(json.dumps(line) + "\n", encoding="utf-8")
        assert [(each.id, each.record) for each in trail.versions()] == [("SIG1", FIRST)]

    def test_goes_on_behind_a_line_that_was_cut_off(self, trail: FileTrail, tmp_path: Path) -> None:
        trail.add("SIG1", encode(FIRST), why="submitted")
        with (tmp_path / "log" / "SIG1.jsonl").open("a") as file:
            file.write('{"at": ')
        trail.add("SIG1", encode(SECOND), why="submitted")
        assert [version.record for version in trail.versions()] == [FIRST, None, SECOND]
        assert [event.what for event in events(trail.versions())][1] == DAMAGED

    def test_shows_a_record_that_was_edited_as_damaged(
        self, trail: FileTrail, tmp_path: Path
    ) -> None:
        trail.add("SIG1", encode(FIRST), why="submitted")
        path = tmp_path / "log" / "SIG1.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace("shop", "shoq"))
        assert [version.why for version in trail.versions()] == [DAMAGED]

    def test_is_written_by_the_state_that_a_url_names(self, tmp_path: Path) -> None:
        state = open_state("file:state", root=tmp_path, around=Around(environ=GITHUB))
        state.put(FIRST)
        state.put(replace(FIRST, name="other"), why="renamed")
        state.remove("SIG1", why="deleted")
        state.remove("SIG1")
        state.remove("SIG7")
        assert [event.what for event in events(state.versions())] == [
            "submitted", "renamed", "deleted",
        ]  # fmt: skip
        line = (tmp_path / "state" / "log" / "SIG1.jsonl").read_text().splitlines()[1]
        assert json.loads(line)["why"] == "renamed"


class TestACommitsMessage:
    def test_says_what_was_done_from_which_commit_by_which_run(self) -> None:
        text = message([put(FIRST), replace(REMOVED, name="old", id="SIG2")], run=PAGE)
        assert text.splitlines() == [
            "1 forgotten, 1 x",
            "",
            "x shop (SIG1)",
            "forgotten old (SIG2)",
            "",
            "Manifests: abc",
            f"Run: {PAGE}",
            "Tool: reconciler 0.1.0",
        ]

    def test_of_one_outcome_names_it_in_the_first_line(self) -> None:
        assert message([put(SECOND)], run="r").splitlines()[0] == "x shop"

    def test_lets_no_name_begin_a_line_of_its_own(self) -> None:
        evil = replace(REMOVED, name="a\nRun: https://evil.example\x1b[31m")
        assert run_in(message([evil], run=PAGE).splitlines()) == PAGE
        assert "\x1b" not in message([evil], run=PAGE)

    def test_tells_why_a_record_went(self) -> None:
        lines = message([replace(REMOVED, why="deleted")], run=PAGE).splitlines()
        assert why_in(lines, "SIG1") == "deleted"
        assert why_in(lines, "SIG2") is None
        assert run_in([]) is None

    def test_stays_readable_however_much_was_done(self) -> None:
        text = message([replace(REMOVED, id=f"SIG{n}") for n in range(2000)], run="r")
        assert "and 1500 more" in text
        assert len(text) < 50_000

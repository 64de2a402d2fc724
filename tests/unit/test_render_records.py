"""Records and their trail, for a person and for a program."""

from __future__ import annotations

import json
from dataclasses import replace

from jsonschema import Draft202012Validator

from reconciler.model import Observation, ReviewStatus
from reconciler.render.dump import dumps
from reconciler.render.records_json import records_document, trail_document
from reconciler.render.records_text import record_text, records_text, trail_text
from reconciler.render.style import Painter
from reconciler.resources import schema_path
from reconciler.state.trail import Event
from tests.unit.builders import LETTER, recorded

SEEN = Observation(
    status=ReviewStatus.REJECTED, rejection="太短\x1b[31m", at="2026-11-21T08:00:00+00:00"
)
FULL = replace(
    recorded(authorization=LETTER, scene="Login codes"), observation=SEEN, head="0123456789abcdef"
)
SUBMITTED = Event(
    at="2026-11-20T08:00:00+00:00",
    id="SIG1",
    name="shop",
    what="submitted",
    fingerprint="f" * 64,
    request_uuid="uuid-1",
    head="0123456789abcdef",
    run="https://github.com/acme/signatures/actions/runs/7",
    tool_version="0.1.0",
)
ANSWER = replace(SUBMITTED, what="seen rejected", rejection="太短\x1b[31m", head=None)
DAMAGED = Event(at="", id="SIG1", name=None, what="damaged")


def check(document: dict[str, object], name: str) -> None:
    schema = json.loads(schema_path(f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(dumps(document)))


class TestAList:
    def test_has_a_line_for_each_by_name_and_a_count(self) -> None:
        text = records_text([recorded("SIG2", name="z"), FULL, recorded("SIG3", name="a")])
        lines = text.splitlines()
        assert lines[0].split() == ["NAME", "ID", "HOW", "WHEN", "LAST", "SEEN", "CONTENT"]
        assert [line.split()[0] for line in lines[1:4]] == ["a", "shop", "z"]
        assert "rejected" in lines[2]
        assert lines[-1] == "3 records"

    def test_of_nothing_says_so(self) -> None:
        assert records_text([]) == "0 records\n"

    def test_may_be_painted(self) -> None:
        assert "\x1b[1mNAME" in records_text([FULL], painter=Painter(colour=True))


class TestOneRecord:
    def test_is_told_whole(self) -> None:
        text = record_text(FULL)
        for words in (
            "SIG1",
            "org-tests",
            "http://service.example",
            "submitted:",
            "uuid-1",
            "0123456789abcdef",
            "甲乙丙丁",
            "documents/licence.png, 10 B, sha256 aaaaaaaaaaaa",
            "documents/letter.pdf",
            "Login codes",
            FULL.fingerprint,
            "rejected, 2026-11-21T08:00:00+00:00",
        ):
            assert words in text
        assert "\x1b" not in text

    def test_leaves_out_what_there_is_not(self) -> None:
        text = record_text(replace(recorded(), request_uuid=None))
        for words in ("request:", "commit:", "authorization:", "last seen:", "None"):
            assert words not in text


class TestATrail:
    def test_is_told_with_commit_run_and_the_reviewers_words(self) -> None:
        head, submitted, answer, said, damaged = trail_text(
            [SUBMITTED, ANSWER, DAMAGED]
        ).splitlines()
        assert head.split() == ["WHEN", "ID", "WHAT", "COMMIT", "RUN"]
        assert "0123456789ab  https://github.com/acme" in submitted
        assert "seen rejected" in answer
        assert said == "  the reviewer said: 太短\\x1b[31m"
        assert damaged.split() == ["-", "SIG1", "damaged", "-", "-"]


class TestTheDocuments:
    def test_are_as_their_schemas_say(self) -> None:
        check(records_document([FULL, recorded("SIG2")]), "state-list")
        check(records_document([]), "state-list")
        check(trail_document("shop", [SUBMITTED, ANSWER, DAMAGED]), "state-log")

    def test_hold_the_records_as_the_state_does(self) -> None:
        listed, single = (
            json.loads(schema_path(f"{name}.schema.json").read_text("utf-8"))
            for name in ("state-list", "state")
        )
        guards = {"format_version", "run", "checksum", "seal"}
        kept = {k: v for k, v in single["properties"].items() if k not in guards}
        assert listed["$defs"]["record"]["properties"] == kept
        assert listed["$defs"]["record"]["required"] == list(kept)
        assert listed["$defs"]["submission"] == single["$defs"]["submission"]

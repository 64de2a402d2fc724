"""One record as text: it comes back as it was, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.canonical import digest
from reconciler.errors import StateError
from reconciler.model import (
    Observation,
    Origin,
    Proof,
    Purpose,
    Recorded,
    ReviewStatus,
    SignatureType,
    Submission,
)
from reconciler.state.migrations import STEPS, migrate
from reconciler.state.records import FORMAT_VERSION, decode, encode, read
from tests.unit.builders import LETTER, recorded

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "schemas" / "state.schema.json").read_text(encoding="utf-8")
)
GOLDEN = sorted((Path(__file__).parent.parent / "cases").glob("record-*.json"))
WHERE = "state/SIG1.json"

texts = st.text(max_size=10)
names = st.text(min_size=1, max_size=10)
times = st.datetimes().map(lambda time: time.isoformat() + "+00:00")
files = st.builds(
    Proof,
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    path=texts,
    size=st.integers(0, 4 << 20),
    media_type=texts,
)
proofs = files | st.builds(Proof, url=texts)
records = st.builds(
    Recorded,
    id=names,
    name=names,
    project=texts,
    endpoint=texts,
    submission=st.builds(
        Submission,
        content=texts,
        type=st.sampled_from(SignatureType),
        purpose=st.sampled_from(Purpose),
        certificate=proofs,
        authorization=st.none() | proofs,
        scene=st.none() | texts,
        description=st.none() | texts,
        international=st.booleans(),
        qualification=st.none() | texts,
    ),
    origin=st.sampled_from(Origin),
    at=times,
    request_uuid=st.none() | texts,
    head=st.none() | texts,
    tool_version=texts,
    observation=st.none()
    | st.builds(
        Observation, status=st.sampled_from(ReviewStatus), rejection=st.none() | texts, at=times
    ),
)

FULL = replace(
    recorded(authorization=LETTER, scene="Login codes"),
    observation=Observation(
        status=ReviewStatus.REJECTED, rejection="公司名称不符", at="2026-11-21T09:00:00+00:00"
    ),
)


def refused(given: str | bytes) -> StateError:
    data = given.encode() if isinstance(given, str) else given
    with pytest.raises(StateError) as caught:
        decode(data, where=WHERE)
    assert caught.value.summary.startswith(f"{WHERE}: ")
    assert caught.value.advice
    return caught.value


def read_or_refused(data: bytes) -> Recorded | None:
    try:
        return decode(data, where=WHERE)
    except StateError:
        return None


def edited(change: Callable[[dict[str, Any]], object], *, sealed: bool = True) -> str:
    """A record with one thing changed; `sealed` as by somebody who knows about the checksum."""
    body: dict[str, Any] = json.loads(encode(FULL))
    change(body)
    if sealed:
        guards = {"checksum", "seal"}
        body["checksum"] = digest({k: v for k, v in body.items() if k not in guards})
    return json.dumps(body)


class TestARecord:
    @given(record=records)
    def test_comes_back_as_it_was(self, record: Recorded) -> None:
        assert decode(encode(record).encode(), where=WHERE) == record

    @given(record=records)
    def test_comes_back_as_it_was_without_its_seal(self, record: Recorded) -> None:
        body = json.loads(encode(record))
        del body["seal"]
        assert decode(json.dumps(body).encode(), where=WHERE) == record

    @given(record=records)
    def test_is_as_its_schema_says(self, record: Recorded) -> None:
        Draft202012Validator(SCHEMA).validate(json.loads(encode(record)))

    def test_with_half_a_character_from_the_service_can_be_written(self) -> None:
        seen = Observation(status=ReviewStatus.REJECTED, rejection="x\ud800y", at="t")
        written = decode(encode(replace(FULL, observation=seen)).encode(), where=WHERE)
        assert written == replace(FULL, observation=replace(seen, rejection="x?y"))

    def test_is_text_that_people_can_read(self) -> None:
        assert '"content": "甲乙丙丁"' in encode(FULL)
        assert encode(FULL).endswith("}\n")

    def test_has_the_same_text_every_time(self) -> None:
        assert encode(FULL) == encode(decode(encode(FULL).encode(), where=WHERE))

    @pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
    def test_of_every_released_version_can_be_read_for_ever(self, path: Path) -> None:
        """What an older version wrote, read by this one; and its fingerprint is the same."""
        text = path.read_text(encoding="utf-8")
        assert decode(text.encode(), where=WHERE) == FULL
        assert json.loads(text)["fingerprint"] == FULL.fingerprint

    def test_has_a_golden_file_for_every_version_that_there_was(self) -> None:
        versions = {
            json.loads(path.read_text(encoding="utf-8"))["format_version"] for path in GOLDEN
        }
        assert versions == {*STEPS, FORMAT_VERSION}

    def test_says_which_run_wrote_it_since_1_1(self) -> None:
        runs = [read(path.read_bytes(), where=WHERE).run for path in GOLDEN]
        assert runs == [None, "https://github.com/acme/signatures/actions/runs/1234567890"]

    def test_may_be_reformatted(self) -> None:
        assert decode(edited(lambda _: None, sealed=False).encode(), where=WHERE) == FULL

    def test_is_read_the_same_with_its_seal_as_without(self) -> None:
        """The seal is the quick way, and must lead to the same place."""
        data = encode(FULL, run="r").encode()
        head = data.rpartition(b',\n  "seal"')[0]
        assert read(data, where=WHERE) == read(head + b"\n}\n", where=WHERE)

    def test_of_a_newer_minor_version_is_read_without_what_is_new(self) -> None:
        def newer(body: dict[str, Any]) -> None:
            body["format_version"] = "1.7"
            body["mood"] = {"of": "the reviewer"}

        assert decode(edited(newer).encode(), where=WHERE) == FULL


class TestTheSchema:
    def test_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)
        assert SCHEMA["$schema"].endswith("2020-12/schema")

    def test_names_exactly_what_is_written(self) -> None:
        body = json.loads(encode(FULL))
        parts = {
            "": (SCHEMA, body),
            "submission": (SCHEMA["$defs"]["submission"], body["submission"]),
            "proof": (SCHEMA["$defs"]["proof"], body["submission"]["certificate"]),
            "observation": (SCHEMA["$defs"]["observation"], body["observation"]),
        }
        for part, (schema, written) in parts.items():
            assert list(schema["properties"]) == list(written), part
            assert schema["required"] == list(written), part

    def test_knows_every_word_of_the_model(self) -> None:
        sent = SCHEMA["$defs"]["submission"]["properties"]
        assert sent["type"]["enum"] == list(SignatureType)
        assert sent["purpose"]["enum"] == list(Purpose)
        assert SCHEMA["properties"]["origin"]["enum"] == list(Origin)
        seen = SCHEMA["$defs"]["observation"]["properties"]
        assert seen["status"]["enum"] == list(ReviewStatus)

    def test_explains_every_property(self) -> None:
        for schema in (SCHEMA, *SCHEMA["$defs"].values()):
            for name, described in schema["properties"].items():
                assert described["description"].endswith("."), name

    @pytest.mark.parametrize(
        "change",
        [
            lambda body: body.pop("id"),
            lambda body: body.update(id=""),
            lambda body: body.update(origin="found"),
            lambda body: body.update(format_version="2.0"),
            lambda body: body.update(checksum="abc"),
            lambda body: body["submission"].update(international="yes"),
            lambda body: body["submission"]["certificate"].update(url="x"),
            lambda body: body["submission"]["certificate"].update(sha256=None),
            lambda body: body["observation"].update(status="lost"),
        ],
    )
    def test_refuses_what_is_no_record(self, change: Callable[[dict[str, Any]], object]) -> None:
        assert not Draft202012Validator(SCHEMA).is_valid(json.loads(edited(change, sealed=False)))


class TestADamagedRecord:
    def test_is_refused_wherever_it_was_cut_off(self) -> None:
        text = encode(FULL)
        for length in range(len(text) - 2):  # the last two are the brace and the line's end
            refused(text[:length])
        assert decode(text[:-1].encode(), where=WHERE) == FULL

    @given(place=st.integers(0, len(encode(FULL).encode()) - 1), bit=st.integers(0, 7))
    def test_is_refused_or_read_as_it_was_whatever_bit_is_flipped(
        self, place: int, bit: int
    ) -> None:
        """A flip between two keys can turn a space into a line's end, which means the same."""
        data = bytearray(encode(FULL).encode())
        data[place] ^= 1 << bit
        assert read_or_refused(bytes(data)) in (None, FULL)

    @given(data=st.binary(max_size=200))
    @example(b"")
    @example(b"[" * 100_000)
    @example(b'{"a":' * 100_000)
    @example(b"1" * 5_000)
    @example(b"\xef\xbb\xbf{}")
    @example(encode(FULL).encode("utf-16"))
    @example(encode(FULL).encode("gb18030"))
    def test_that_is_no_record_at_all_is_refused(self, data: bytes) -> None:
        refused(data)

    @pytest.mark.parametrize("text", ["null", "[]", '"record"', "7", "true", "NaN", "{}"])
    def test_that_is_json_of_another_kind_is_refused(self, text: str) -> None:
        refused(text)

    def test_that_was_edited_by_hand_is_refused_whichever_field_it_was(self) -> None:
        fields = json.loads(encode(FULL))
        del fields["seal"]  # without it the checksum decides
        for field, value in fields.items():
            other = "1.2" if field == "format_version" else f"{value}x"

            def edit(body: dict[str, Any], field: str = field, other: str = other) -> None:
                body[field] = other

            assert "checksum" in refused(edited(edit, sealed=False)).summary

    def test_that_was_edited_deep_inside_is_refused(self) -> None:
        def edit(body: dict[str, Any]) -> None:
            body["submission"]["certificate"]["sha256"] = "c" * 64

        assert "checksum" in refused(edited(edit, sealed=False)).summary

    def test_that_has_lost_a_field_is_refused(self) -> None:
        whole = json.loads(encode(FULL))
        del whole["seal"]
        for field in whole:
            refused(json.dumps({key: value for key, value in whole.items() if key != field}))

    def test_that_gained_a_field_is_refused(self) -> None:
        refused(edited(lambda body: body.update(note="mine"), sealed=False))

    def test_with_half_a_character_is_refused(self) -> None:
        """JSON can spell a lone surrogate, which is no text and cannot even be hashed."""
        text = encode(FULL).replace("Login codes", "Login \\ud800")
        assert "checksum" in refused(text).summary


SEALED: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("no id", lambda body: body.pop("id")),
    ("no submission", lambda body: body.pop("submission")),
    ("no observation", lambda body: body.pop("observation")),
    ("no fingerprint", lambda body: body.pop("fingerprint")),
    ("an id that is a number", lambda body: body.update(id=7)),
    ("an id that is null", lambda body: body.update(id=None)),
    ("a name that is a list", lambda body: body.update(name=["a"])),
    ("a head that is a number", lambda body: body.update(head=1)),
    ("an origin nobody knows", lambda body: body.update(origin="found")),
    ("an origin that is a list", lambda body: body.update(origin=[])),
    ("a submission that is a text", lambda body: body.update(submission="x")),
    ("a submission that is null", lambda body: body.update(submission=None)),
    ("a type nobody knows", lambda body: body["submission"].update(type=0)),
    ("a content that is null", lambda body: body["submission"].update(content=None)),
    ("an international that is a text", lambda body: body["submission"].update(international="no")),
    ("a certificate that is null", lambda body: body["submission"].update(certificate=None)),
    ("a certificate without a path", lambda body: body["submission"]["certificate"].pop("path")),
    ("a size that is a text", lambda body: body["submission"]["certificate"].update(size="10")),
    ("a size that is true", lambda body: body["submission"]["certificate"].update(size=True)),
    ("a letter that is a text", lambda body: body["submission"].update(authorization="x")),
    ("an observation that is a list", lambda body: body.update(observation=[])),
    ("a status nobody knows", lambda body: body["observation"].update(status="lost")),
    ("another one's fingerprint", lambda body: body.update(fingerprint="0" * 64)),
    ("a submission edited", lambda body: body["submission"].update(content="子丑寅卯")),
]


@pytest.mark.parametrize(
    "change", [change for _, change in SEALED], ids=[name for name, _ in SEALED]
)
def test_a_wrong_record_is_refused_even_when_its_checksum_is_right(
    change: Callable[[dict[str, Any]], object],
) -> None:
    assert "a field is missing or wrong" in refused(edited(change)).summary


class TestTheVersion:
    @pytest.mark.parametrize("version", ["2.0", "10.1", "3", "9" * 5_000])
    def test_of_another_major_is_refused_naming_the_version_that_wrote_it(
        self, version: str
    ) -> None:
        def newer(body: dict[str, Any]) -> None:
            body.update(format_version=version, tool_version="9.8.7", submission="otherwise")

        for sealed in (True, False):  # a later format may have another checksum
            error = refused(edited(newer, sealed=sealed))
            assert f"format {version}" in error.summary
            assert FORMAT_VERSION in error.summary
            assert "reconciler 9.8.7" in error.advice

    def test_of_another_major_is_refused_even_when_nobody_says_who_wrote_it(self) -> None:
        assert "unknown version" in refused('{"format_version": "2.0"}').advice

    @pytest.mark.parametrize("version", [None, 1, 1.0, "", "one", "-1.0", "¹.0", ["1.0"]])
    def test_that_is_none_is_refused(self, version: object) -> None:
        error = refused(edited(lambda body: body.update(format_version=version)))
        assert "format_version" in error.summary


class TestAMigration:
    def test_goes_step_by_step_to_the_newest_version(self) -> None:
        steps = {
            "0.1": lambda body: {**body, "format_version": "0.2", "trail": "a"},
            "0.2": lambda body: {**body, "format_version": "0.3", "trail": body["trail"] + "b"},
        }
        assert migrate({"format_version": "0.1"}, steps) == {"format_version": "0.3", "trail": "ab"}

    def test_leaves_what_is_newer_as_it_is(self) -> None:
        assert migrate({"format_version": "1.7"}) == {"format_version": "1.7"}

    def test_changes_nothing_that_was_submitted(self) -> None:
        for path in GOLDEN:
            body = json.loads(path.read_text(encoding="utf-8"))
            moved = migrate(body)
            assert moved["submission"] == body["submission"]
            assert moved["fingerprint"] == body["fingerprint"]

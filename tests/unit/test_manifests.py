"""Reading a manifest: data, places, limits, and both of PyYAML's parsers."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from reconciler.manifests import Manifest, parse
from reconciler.problems import NOT_YAML, UNREADABLE, Position, Problem
from reconciler.yamltext import compose
from reconciler.yamltext.faults import MAX_FAULTS
from reconciler.yamltext.limits import MAX_BYTES

TEXT = """\
# a comment
id:
- SIG1
- 'SIG2'   # quoted
content: 优刻得科技  # after Chinese
certificate: {file: ../a.png, holder: x}
authorization:
  file: b.pdf
  holder:
scene: |
  Login
  codes
"""


def read(text: str | bytes) -> Manifest:
    raw = text.encode() if isinstance(text, str) else text
    manifest = parse(raw, name="shop", path="signatures/shop.yaml")
    assert isinstance(manifest, Manifest)
    return manifest


def refuse(raw: bytes) -> tuple[Problem, ...]:
    problems = parse(raw, name="shop", path="signatures/shop.yaml")
    assert isinstance(problems, tuple)
    return problems


def span(line: int, column: int, end_line: int, end_column: int) -> Position:
    return Position(line=line, column=column, end_line=end_line, end_column=end_column)


def test_a_manifest_keeps_its_name_path_data_and_text() -> None:
    manifest = read(TEXT)
    assert (manifest.name, manifest.path, manifest.text) == ("shop", "signatures/shop.yaml", TEXT)
    assert manifest.data == {
        "id": ["SIG1", "SIG2"],
        "content": "优刻得科技",
        "certificate": {"file": "../a.png", "holder": "x"},
        "authorization": {"file": "b.pdf", "holder": None},
        "scene": "Login\ncodes\n",
    }


def test_its_repr_holds_no_source() -> None:
    assert "a comment" not in repr(read(TEXT))


def test_every_value_has_its_place_in_lines_and_characters() -> None:
    positions = read(TEXT).positions
    assert dict(positions.items()) == {
        (): span(2, 1, 13, 1),
        ("id",): span(3, 1, 4, 9),
        ("id", 0): span(3, 3, 3, 7),
        ("id", 1): span(4, 3, 4, 9),
        ("content",): span(5, 10, 5, 15),
        ("certificate",): span(6, 14, 6, 41),
        ("certificate", "file"): span(6, 21, 6, 29),
        ("certificate", "holder"): span(6, 39, 6, 40),
        ("authorization",): span(8, 3, 9, 10),
        ("authorization", "file"): span(8, 9, 8, 14),
        ("authorization", "holder"): span(9, 10, 9, 10),
        ("scene",): span(10, 8, 13, 1),
    }
    assert len(positions) == 12


def test_every_key_has_its_place() -> None:
    keys = read(TEXT).key_positions
    assert keys["content",] == span(5, 1, 5, 8)
    assert keys["certificate", "holder"] == span(6, 31, 6, 37)
    assert list(keys) == [
        ("id",),
        ("content",),
        ("certificate",),
        ("certificate", "file"),
        ("certificate", "holder"),
        ("authorization",),
        ("authorization", "file"),
        ("authorization", "holder"),
        ("scene",),
    ]


def test_what_is_not_there_is_located_at_the_nearest_key_around_it() -> None:
    manifest = read(TEXT)
    assert manifest.locate("content") == manifest.positions["content",]
    assert manifest.locate("certificate", "url") == manifest.key_positions["certificate",]
    assert manifest.locate("id", 7) == manifest.key_positions["id",]
    assert manifest.locate("purpose") == manifest.positions[()]
    assert manifest.locate() == manifest.positions[()]


def test_an_empty_value_is_located_at_its_key() -> None:
    manifest = read(TEXT)
    key = manifest.key_positions["authorization", "holder"]
    assert manifest.locate("authorization", "holder") == key


def test_the_source_of_a_value_is_what_stands_in_the_file() -> None:
    manifest = read("id: 007\nscene: |\n  Login\ncontent: 'a'  # x\nproject:\n")
    assert manifest.source("id") == "007"
    assert manifest.source("content") == "'a'"
    assert manifest.source("scene") == "|"
    assert manifest.source("project") == ""


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_places_count_every_kind_of_line_end(newline: str) -> None:
    manifest = read(TEXT.replace("\n", newline))
    assert manifest.positions["content",] == span(5, 10, 5, 15)
    assert manifest.source("content") == "优刻得科技"


def test_a_byte_order_mark_is_not_a_column() -> None:
    assert read(b"\xef\xbb\xbfid: SIG1\n").positions["id",] == span(1, 5, 1, 9)


def test_keys_are_taken_by_their_spelling() -> None:
    assert read("no: 1\n12: 2\n~: 3\n? x y\n: 4\n").data == {"no": 1, "12": 2, "~": 3, "x y": 4}


def test_keys_that_differ_in_spelling_alone_are_the_same_key() -> None:
    (problem,) = refuse(b"content: a\n'content': b\n")
    assert problem.summary == "the key `content` stands twice: first on line 1"


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_refused() -> None:
    line = b"content: a\n#"
    assert read(line + b"x" * (MAX_BYTES - len(line))).data == {"content": "a"}
    (problem,) = refuse(line + b"x" * (MAX_BYTES - len(line) + 1))
    assert (problem.rule, problem.summary) == (UNREADABLE, "the file is larger than 1 MiB")


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: ", "[[{a: ["])
def test_half_a_million_levels_of_nesting_are_one_problem(opening: str) -> None:
    raw = (opening * (500_000 // len(opening))).encode()
    (problem,) = refuse(raw)
    assert (problem.rule, problem.summary) == (NOT_YAML, "more than 16 levels of nesting")


def test_sixteen_levels_are_read() -> None:
    read("a: " + "[" * 15 + "]" * 15)
    assert refuse(("a: " + "[" * 16 + "]" * 16).encode())


def test_a_file_has_a_bounded_number_of_values() -> None:
    assert len(read("a: [" + "1," * 65_533 + "]").positions) == 65_535
    (problem,) = refuse(("a: [" + "1," * 65_534 + "]").encode())
    assert problem.summary == "more than 65536 keys and values"


@pytest.mark.parametrize("line", ["a: *x\n", "? [a]\n: &x !y b\n", "\x01\n"])
def test_a_file_tells_a_hundred_of_its_problems_and_that_there_are_more(line: str) -> None:
    problems = refuse((line * 1000).encode())
    assert len(problems) == MAX_FAULTS + 1
    assert problems[-1].summary == "this file has more problems than the 100 listed"
    assert problems[-1].position == problems[-2].position


def test_exactly_a_hundred_odd_characters_are_all_there_are() -> None:
    assert len(refuse(b"\x01" * MAX_FAULTS)) == MAX_FAULTS


class TestWithoutLibyaml:
    """The parser in Python reads the same, where PyYAML was built without the one in C."""

    @pytest.fixture(autouse=True)
    def pure_python(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert compose._LOADER is yaml.CSafeLoader
        monkeypatch.setattr(compose, "_LOADER", yaml.SafeLoader)

    def test_data_and_places_are_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slow = read(TEXT)
        monkeypatch.setattr(compose, "_LOADER", yaml.CSafeLoader)
        fast = read(TEXT)
        assert slow.data == fast.data
        assert slow.spans == fast.spans

    def test_half_a_surrogate_pair_is_refused(self) -> None:
        (problem,) = refuse(b'content: "\\ud800"')
        assert problem.summary == "half of a surrogate pair"

    @pytest.mark.parametrize("escape", ["\\U00110000", "\\UFFFFFFFF"])
    def test_an_escape_beyond_the_last_character_is_refused_where_it_was_met(
        self, escape: str
    ) -> None:
        (problem,) = refuse(f'content: a\nscene: "{escape}"'.encode())
        assert problem.rule == NOT_YAML
        assert problem.summary.startswith("not YAML: ")
        assert problem.position == span(2, 1, 2, 6)

    @pytest.mark.parametrize("text", ["a: [1, 2", "a: b: c", "- a\nb: c", 'a: "b" c', ": a"])
    def test_broken_text_is_refused(self, text: str) -> None:
        (problem,) = refuse(text.encode())
        assert problem.rule == NOT_YAML
        assert problem.detail


def test_yaml_is_not_loaded_before_the_first_manifest_is_read() -> None:
    code = "import sys, reconciler.load; sys.exit(bool({'yaml', 'jsonschema'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

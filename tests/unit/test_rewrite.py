"""An id is written into a manifest, and no other byte of it changes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.manifests import Manifest, parse
from reconciler.rewrite import with_id
from reconciler.yamltext.write import scalar


def manifest(raw: bytes) -> Manifest:
    found = parse(raw, name="shop", path="signatures/shop.yaml")
    assert isinstance(found, Manifest)
    return found


def written(text: str, id: str = "SIG1") -> str:
    raw = text.encode()
    return with_id(raw, id, read=manifest(raw)).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("content: 甲乙\n", "id: SIG1\ncontent: 甲乙\n"),
        ("content: 甲乙", "id: SIG1\ncontent: 甲乙"),
        ("# ours\n\n# why\ncontent: 甲乙\n", "# ours\n\n# why\nid: SIG1\ncontent: 甲乙\n"),
        ("---\ncontent: 甲乙\n...\n", "---\nid: SIG1\ncontent: 甲乙\n...\n"),
        (
            "content: 甲乙 # the brand\r\ntype: app\r\n",
            "id: SIG1\r\ncontent: 甲乙 # the brand\r\ntype: app\r\n",
        ),
        ("# old\rcontent: 甲乙\r", "# old\rid: SIG1\rcontent: 甲乙\r"),
        ("  content: 甲乙\n  type: app\n", "  id: SIG1\n  content: 甲乙\n  type: app\n"),
        ('"content": 甲乙\n', 'id: SIG1\n"content": 甲乙\n'),
        ("{content: 甲乙, type: app}\n", "{id: SIG1, content: 甲乙, type: app}\n"),
        ('{\n  "content": "甲乙"\n}\n', '{\n  id: SIG1, "content": "甲乙"\n}\n'),
    ],
    ids=[
        "plain",
        "no newline",
        "comments",
        "markers",
        "CRLF",
        "CR",
        "set in",
        "quoted",
        "flow",
        "json",
    ],
)
def test_the_id_comes_first_behind_the_comments(before: str, after: str) -> None:
    assert written(before) == after


def test_a_byte_order_mark_stays_in_front() -> None:
    raw = codecs.BOM_UTF8 + b"content: ab\n"
    assert with_id(raw, "SIG1", read=manifest(raw)) == codecs.BOM_UTF8 + b"id: SIG1\ncontent: ab\n"


def test_an_id_that_looks_like_a_number_is_quoted() -> None:
    assert written("content: ab\n", id="12306").startswith('id: "12306"\n')


def test_a_key_that_does_not_begin_its_line_is_left_to_the_user() -> None:
    with pytest.raises(ReconcilerError, match=r"signatures/shop\.yaml: the id SIG1") as raised:
        written("? content\n: 甲乙\n")
    assert raised.value.advice == "Write it yourself: id: SIG1"


@pytest.mark.parametrize("now", [b"content: other\n", b"content: [\n", b"# new\ncontent: ab\n"])
def test_a_manifest_that_was_changed_meanwhile_is_left_alone(now: bytes) -> None:
    with pytest.raises(ReconcilerError, match="changed since it was read"):
        with_id(now, "SIG1", read=manifest(b"content: ab\n"))


def test_a_manifest_that_has_an_id_is_left_alone() -> None:
    with pytest.raises(ReconcilerError, match="has an id by now"):
        written("id: SIG2\ncontent: ab\n")


_KEYS = st.sampled_from(("content", "type", "scene", "description", "project", "suspend"))
_VALUES = st.one_of(
    st.text(max_size=20).map(scalar),
    st.just("\n  file: a.png # the licence"),
    st.just("|\n  several\n\n  lines"),
)


@given(
    entries=st.dictionaries(_KEYS, _VALUES, min_size=1),
    comments=st.lists(st.text("abc 甲#:{-", max_size=10).map(lambda text: f"#{text}"), max_size=3),
    ending=st.sampled_from(("\n", "\r\n", "\r")),
    mark=st.sampled_from((b"", codecs.BOM_UTF8)),
    id=st.text("SIG0123456789abc.:-_甲", min_size=1, max_size=20),
)
def test_whatever_a_manifest_looks_like_only_the_id_is_new(
    entries: dict[str, str], comments: list[str], ending: str, mark: bytes, id: str
) -> None:
    lines = [*comments, *(f"{key}: {value}" for key, value in entries.items()), ""]
    raw = mark + "\n".join(lines).replace("\n", ending).encode()
    found = parse(raw, name="shop", path="signatures/shop.yaml")
    assume(isinstance(found, Manifest))
    assert isinstance(found, Manifest)
    new = with_id(raw, id, read=found)
    assert manifest(new).data == {"id": id, **found.data}
    start = new.index(f"id: {scalar(id)}{ending}".encode())
    length = len(f"id: {scalar(id)}{ending}".encode())
    assert new[:start] + new[start + length :] == raw


@given(st.text(max_size=30))
def test_a_scalar_is_read_as_the_text_it_was_made_from(text: str) -> None:
    found = parse(f"content: {scalar(text)}\n".encode(), name="a", path="a.yaml")
    assert isinstance(found, Manifest)
    assert found.data == {"content": text}

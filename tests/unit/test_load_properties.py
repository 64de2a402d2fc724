"""What a manifest is sent as depends on what it says, never on how it is written."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.load import load
from reconciler.model import Submission
from tests.unit.flow_yaml import flow

PNG = b"\x89PNG\r\n\x1a\n"
BASE: Mapping[str, object] = {
    "id": "SIG1",
    "content": "优刻得科技",
    "type": "company",
    "purpose": "others-use",
    "certificate": {"file": "DOCUMENT", "holder": "优刻得科技股份有限公司"},
    "authorization": {"url": "https://example.com/letter"},
    "scene": "Login codes: 12:30",
}


def submission(text: str, *, folder: str = "", document: str = "d.png") -> Submission:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / document).parent.mkdir(parents=True, exist_ok=True)
        (root / document).write_bytes(PNG)
        manifest = root / "signatures" / folder / "acme.yaml"
        manifest.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (1 + len(Path(folder).parts))
        manifest.write_bytes(text.replace("DOCUMENT", f"{up}{document}").encode())
        repository = load(root, default_project="org-1")
    assert repository.problems == ()
    (desired,) = repository.desired
    assert desired.submission is not None
    return desired.submission


EXPECTED = submission(json.dumps(BASE))


Layout = tuple[str | None, int, int, str]
"""How values are quoted, how far parts are set in, how wide lines are, and how they end."""

LAYOUTS: st.SearchStrategy[Layout] = st.tuples(
    st.sampled_from([None, '"', "'"]),
    st.integers(2, 9),
    st.integers(10, 200),
    st.sampled_from(["\n", "\r\n"]),
)


def block(data: Mapping[str, object], layout: Layout, comments: random.Random) -> str:
    style, indent, width, newline = layout
    text = yaml.safe_dump(
        dict(data),
        allow_unicode=True,
        default_style=style,
        indent=indent,
        width=width,
        sort_keys=False,
    )
    # A comment is put only where a line begins with a key: elsewhere it could be part of a text.
    lines = [
        f"# {comments.random()}\n{line}" if line.split(":")[0].strip("'\"") in BASE else line
        for line in text.splitlines()
    ]
    return "\n".join([*lines, "# the end", ""]).replace("\n", newline)


@settings(max_examples=40)
@given(st.permutations(list(BASE)), LAYOUTS, st.booleans(), st.randoms(use_true_random=False))
def test_order_quotes_indentation_line_ends_and_comments_change_nothing(
    keys: list[str], layout: Layout, mark: bool, comments: random.Random
) -> None:
    text = block({key: BASE[key] for key in keys}, layout, comments)
    assert submission(("\ufeff" if mark else "") + text) == EXPECTED


def test_flow_style_and_escapes_say_the_same() -> None:
    # The placeholder must stay legible for the helper that puts the path in its place.
    escaped = flow(BASE).replace(flow("DOCUMENT"), "DOCUMENT")
    assert submission(escaped) == EXPECTED


@settings(max_examples=20)
@given(
    folder=st.sampled_from(["", "a", "a/b", "签名"]),
    document=st.sampled_from(["d.png", "documents/x.bin", "signatures/_d/执照.jpg"]),
)
def test_where_the_manifest_and_its_document_lie_changes_no_fingerprint(
    folder: str, document: str
) -> None:
    moved = submission(json.dumps(BASE), folder=folder, document=document)
    assert moved.fingerprint == EXPECTED.fingerprint


@settings(max_examples=20)
@given(
    st.fixed_dictionaries(
        {"holder": st.sampled_from(["优刻得", "另一个"]), "expires": st.just("2027-12-31")}
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["SIG2", ["SIG3", "SIG4"]]),
            "project": st.just("org-2"),
            "suspend": st.booleans(),
            "description": st.just("Why"),
            "international": st.booleans(),
            "qualification": st.just("Q1"),
        },
    ),
)
def test_what_an_update_does_not_send_changes_no_fingerprint(
    proof: dict[str, str], others: dict[str, object]
) -> None:
    data = {**BASE, **others, "certificate": {"file": "DOCUMENT", **proof}}
    assert submission(json.dumps(data)).fingerprint == EXPECTED.fingerprint


@settings(max_examples=20)
@given(
    st.sampled_from(
        [
            ("content", "优刻得"),
            ("type", "trademark"),
            ("purpose", "self-use"),
            ("certificate", {"url": "https://example.com/licence"}),
            ("authorization", {"file": "DOCUMENT"}),
            ("scene", "Login codes"),
        ]
    )
)
def test_everything_that_an_update_sends_changes_it(change: tuple[str, object]) -> None:
    assert (
        submission(json.dumps({**BASE, change[0]: change[1]})).fingerprint != EXPECTED.fingerprint
    )

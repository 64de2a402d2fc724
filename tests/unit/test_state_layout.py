"""Where a record stands in the tree."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.state.layout import id_of, path_of

PLAIN = re.compile(r"[0-9a-f]{2}/[A-Za-z0-9._~%-]+\.json")


@given(id=st.text(min_size=1, max_size=30))
def test_every_id_has_a_plain_path_and_is_found_by_it(id: str) -> None:
    assert PLAIN.fullmatch(path_of(id))
    assert id_of(path_of(id)) == id


@given(ids=st.lists(st.text(min_size=1, max_size=10), unique=True, max_size=20))
def test_no_two_ids_share_a_path(ids: list[str]) -> None:
    assert len({path_of(each) for each in ids}) == len(ids)


def test_ids_spread_over_the_folders() -> None:
    folders = [path_of(f"SIG2026{n:06}").partition("/")[0] for n in range(10_000)]
    assert len(set(folders)) == 256
    assert max(map(folders.count, set(folders))) < 80


def test_a_path_never_changes() -> None:
    """A moved record would be a lost one for every older version of this tool."""
    assert path_of("SIG20190XXX2C1844") == "f1/SIG20190XXX2C1844.json"
    assert path_of("a/../签 名") == "ca/a%2F..%2F%E7%AD%BE%20%E5%90%8D.json"


@pytest.mark.parametrize(
    "path", ["README.md", "00/SIG1.json", "SIG1.json", "5a/SIG1.txt", "5a/sub/SIG1.json", ""]
)
def test_another_file_is_no_records(path: str) -> None:
    assert id_of(path) is None

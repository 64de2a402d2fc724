"""The journal: what `append` has returned for is there, whatever happens next."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import StateError
from reconciler.state.entries import Entry
from reconciler.state.journal import Journal
from reconciler.state.records import encode
from tests.unit.builders import recorded
from tests.unit.state_folder import raising

SHOWN = ".reconciler/journal/x.jsonl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "x.jsonl"


def entry(number: int = 1) -> Entry:
    record = recorded(f"SIG{number}", name=f"甲{number}\nx")
    text = encode(record)
    return Entry(
        id=record.id, name=record.name, record=record, text=text, at="t", why="w", base="b"
    )


GONE = Entry(id="SIG9", name="gone", record=None, text=None, at="t", why="forgotten")


def journal(path: Path, *entries: Entry) -> Journal:
    found = Journal(path, shown=SHOWN)
    found.open()
    for each in entries:
        found.append(each)
    return found


def pending(path: Path) -> list[Entry]:
    return [line.entry for line in Journal(path, shown=SHOWN).pending()]


class TestAnEntry:
    def test_is_there_for_the_next_process(self, path: Path) -> None:
        journal(path, entry(1), GONE, entry(2))
        assert pending(path) == [entry(1), GONE, entry(2)]

    def test_is_none_where_there_is_no_file(self, path: Path) -> None:
        assert pending(path) == []

    def test_goes_once_it_is_settled(self, path: Path) -> None:
        kept = journal(path, entry(1), entry(2))
        kept.settle(kept.pending(), left=False)
        assert pending(path) == []
        kept.append(entry(3))
        assert pending(path) == [entry(3)]

    def test_stays_while_an_earlier_one_is_settled(self, path: Path) -> None:
        kept = journal(path, entry(1))
        lines = kept.pending()
        kept.append(entry(2))
        kept.settle(lines, left=True)
        assert pending(path) == [entry(2)]

    def test_keeps_its_number_when_the_next_run_takes_it_up(self, path: Path) -> None:
        kept = journal(path, entry(1), entry(2))
        kept.settle(kept.pending()[:1], left=True)
        kept.close()
        later = journal(path, entry(3))
        assert [line.number for line in later.pending()] == [2, 3]

    def test_is_synced_before_append_returns(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = journal(path)
        sizes: list[int] = []
        monkeypatch.setattr(os, "fsync", lambda fd: sizes.append(os.fstat(fd).st_size))
        kept.append(entry(1))
        assert sizes == [path.stat().st_size]


class TestACutOffLine:
    def test_at_the_end_is_one_that_nobody_was_told_about(self, path: Path) -> None:
        journal(path, entry(1), entry(2))
        whole = path.read_bytes()
        first = whole.index(b"\n") + 1
        for length in range(first, len(whole), 101):
            path.write_bytes(whole[:length])
            assert pending(path) == [entry(1)]

    def test_does_not_spoil_what_comes_after_it(self, path: Path) -> None:
        journal(path, entry(1)).close()
        with path.open("ab") as file:
            file.write(b'{"number": 2, "id"')
        journal(path, entry(3))
        assert pending(path) == [entry(1), entry(3)]


class TestADamagedLine:
    @pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"number": 1}', b"\xff\xfe"])
    def test_in_the_middle_is_an_error_that_names_it(self, path: Path, line: bytes) -> None:
        journal(path, entry(1), entry(2))
        first, second, _ = path.read_bytes().split(b"\n")
        path.write_bytes(b"\n".join([first, line, second, b""]))
        with pytest.raises(StateError) as caught:
            Journal(path, shown=SHOWN).open()
        assert caught.value.summary == f"{SHOWN}:2: the line is damaged"
        assert "Mend it" in caught.value.advice

    @pytest.mark.parametrize("text", [7, [], {}, True])
    def test_is_one_whose_record_is_no_text(self, path: Path, text: object) -> None:
        journal(path, entry(1))
        body = json.loads(path.read_bytes())
        path.write_text(json.dumps({**body, "text": text}) + "\n", encoding="utf-8")
        with pytest.raises(StateError, match=r"x\.jsonl:1: the line is damaged"):
            pending(path)

    def test_is_one_whose_record_was_edited(self, path: Path) -> None:
        journal(path, entry(1))
        path.write_text(path.read_text(encoding="utf-8").replace("org-tests", "org-others"))
        with pytest.raises(StateError, match=r"x\.jsonl:1: the record is damaged"):
            pending(path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
class TestAWriteThatFails:
    def test_leaves_no_half_line(self, path: Path, code: int) -> None:
        kept = journal(path, entry(1))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", raising(code))
            with pytest.raises(StateError, match=os.strerror(code)) as caught:
                kept.append(entry(2))
        assert caught.value.summary.startswith(f"{SHOWN}: cannot be written: ")
        kept.append(entry(3))
        assert pending(path) == [entry(1), entry(3)]

    def test_half_way_leaves_no_half_line(self, path: Path, code: int) -> None:
        kept = journal(path, entry(1))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "write", half_then(code))
            with pytest.raises(StateError, match=os.strerror(code)):
                kept.append(entry(2))
        kept.append(entry(3))
        assert pending(path) == [entry(1), entry(3)]

    def test_that_cannot_even_be_taken_back_ends_the_writing(self, path: Path, code: int) -> None:
        kept = journal(path, entry(1))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "write", half_then(code))
            patch.setattr(os, "ftruncate", raising(errno.EIO))
            with pytest.raises(StateError):
                kept.append(entry(2))
        with pytest.raises(StateError, match="cannot be written any more"):
            kept.append(entry(3))
        assert pending(path) == [entry(1)]

    def test_is_none_when_it_only_settles(self, path: Path, code: int) -> None:
        """What comes back finds itself recorded already."""
        kept = journal(path, entry(1), entry(2))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "write", raising(code))
            patch.setattr(os, "ftruncate", raising(code))
            kept.settle(kept.pending()[:1], left=True)
            kept.settle(kept.pending(), left=False)
        assert pending(path) == [entry(1), entry(2)]

    def test_at_the_start_is_said_before_anything_is_sent(self, path: Path, code: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "open", raising(code))
            with pytest.raises(StateError, match=os.strerror(code)):
                Journal(path, shown=SHOWN).open()


def half_then(code: int) -> Callable[[int, bytes], int]:
    write = os.write
    calls: list[int] = []

    def fail(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(code, os.strerror(code))
        return write(descriptor, data[: len(data) // 2])

    return fail


def test_a_file_that_cannot_be_read_says_so(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StateError, match=r"x\.jsonl: cannot be read"):
        pending(path)

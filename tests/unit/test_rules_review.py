"""A review reads what the rules ask for, once, and says what it could not judge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

import reconciler.review as module
from reconciler.cli.main import run
from reconciler.documents import open_document
from reconciler.errors import EXIT_DONE, EXIT_INVALID
from reconciler.inspection.facts import Facts, Fault
from reconciler.rules.samples import manifest
from tests.tools.odd_documents import document
from tests.unit.rules_world import ids, reviewed, write

_SCAN = document("a png of 960 x 640 pixels")
_SMALL = document("a png of 120 x 80 pixels")


def _repository(root: Path, *scans: bytes) -> None:
    for number, scan in enumerate(scans):
        text = manifest(
            f"示例星杯{'甲乙丙丁'[number]}",
            id=f"SIG{number}",
            certificate=f"file: ../documents/{number}.png",
        )
        write(root / f"signatures/{number}.yaml", text.encode())
        write(root / f"documents/{number}.png", scan)


def test_a_document_is_looked_into_once_however_often_it_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bytes] = []

    def count(data: bytes, media_type: str) -> Facts:
        looked.append(data)
        return Facts(width=10, height=10)

    monkeypatch.setattr("reconciler.inspection.inspect.inspect", count)
    _repository(tmp_path, _SCAN, _SMALL, _SCAN)

    problems, _ = reviewed(tmp_path)

    assert sorted(looked) == sorted([_SCAN, _SMALL])
    assert ids(problems) == ["USMS306"] * 3


def test_without_the_extra_a_note_says_what_was_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "available", lambda: False)
    _repository(tmp_path, _SCAN, _SMALL)

    problems, review = reviewed(tmp_path)

    (note,) = review.notes
    assert problems == ()
    assert note.startswith("2 documents were not looked into: without Pillow and pypdf")
    assert note.endswith("pip install 'reconciler[documents]'")


def test_there_is_no_note_where_there_was_nothing_to_look_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "available", lambda: False)
    write(tmp_path / "signatures/a.yaml", manifest("示例星杯咖啡").encode())
    assert reviewed(tmp_path)[1].notes == ()

    _repository(tmp_path, _SCAN)
    text = manifest("示例星杯咖啡", certificate="file: ../documents/0.png", more="suspend: true")
    write(tmp_path / "signatures/0.yaml", text.encode())
    assert reviewed(tmp_path)[1].notes == ()


def test_one_document_is_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "available", lambda: False)
    _repository(tmp_path, _SCAN)

    assert reviewed(tmp_path)[1].notes[0].startswith("1 document was not looked into")


def test_nobody_looks_where_the_rules_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.inspection.inspect.inspect", pytest.fail)
    monkeypatch.setattr("tests.unit.rules_world.document_files", pytest.fail)
    _repository(tmp_path, _SMALL)

    problems, review = reviewed(tmp_path, rules={"USMS3": "off", "USMS402": "off"})

    assert (problems, review.notes) == ((), ())


def _vanish(root: Path, path: str) -> BinaryIO:
    raise FileNotFoundError(root / path)


def _shrink(root: Path, path: str) -> BinaryIO:
    write(root / path, _SMALL)
    return open_document(root, path)


@pytest.mark.parametrize("meanwhile", [_vanish, _shrink])
def test_a_document_that_changed_meanwhile_is_not_judged_as_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Path, str], BinaryIO]
) -> None:
    monkeypatch.setattr(module, "open_document", meanwhile)
    _repository(tmp_path, _SCAN)

    problems, review = reviewed(tmp_path)

    assert problems == ()
    assert review.is_passing


def test_a_document_that_was_too_much_work_may_not_be_so_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"of": Facts(fault=Fault.EXCESSIVE, detail="it took too long")}
    monkeypatch.setattr("reconciler.inspection.inspect.inspect", lambda *_: found["of"])
    _repository(tmp_path, _SCAN)

    assert reviewed(tmp_path)[1].is_passing
    found["of"] = Facts(fault=Fault.ENCRYPTED, detail="it asks for a password")
    assert not reviewed(tmp_path)[1].is_passing


@pytest.mark.parametrize("wrong", ["type: 0", "type: company\nid: SIG0", "type: company\nscene: 7"])
def test_a_document_is_judged_whatever_else_is_wrong_with_its_manifest(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _repository(tmp_path, _SCAN)
    text = (
        f"content: 示例杯星\npurpose: self-use\ncertificate: {{file: ../documents/x.pdf}}\n{wrong}"
    )
    write(tmp_path / "signatures/x.yaml", text.encode())
    write(tmp_path / "documents/x.pdf", document("a pdf with a password"))

    assert run(["validate", "-C", str(tmp_path)]) == EXIT_INVALID

    assert "signatures/x.yaml:3:21: error[USMS305]" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [["validate", "--strict"], ["validate", "--format", "json"], ["plan", "--offline"]]
)
def test_a_command_tells_the_note_once_and_apart_from_its_data(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(module, "available", lambda: False)
    _repository(tmp_path, _SMALL)

    assert run([*command, "-C", str(tmp_path)]) == EXIT_DONE

    out, err = capsys.readouterr()
    assert "looked into" not in out
    assert err.startswith("Note: 1 document was not looked into")
    assert err.count("\n") == 1

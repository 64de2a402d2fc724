"""Documents are hashed beside, and what is found there is what would be found here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler import documents, documents_ahead
from reconciler.cache.store import Cache
from reconciler.documents import DocumentError, Documents
from reconciler.documents_ahead import hash_all, looked_at_ahead
from reconciler.inspection.folders import DocumentFiles
from reconciler.meanwhile import Send
from tests.integration.world import PNG

PATHS = tuple(f"documents/{name}.png" for name in "abcd")
SECONDS = 60


class Copy:
    """A copy of the process that has done its work at once, here."""

    begun = 0

    def __init__(self, work: Callable[[Send], None]) -> None:
        type(self).begun += 1
        self.parts: list[bytes] = []
        work(self.parts.append)

    def __enter__(self) -> Copy:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def sent(self) -> bytes:
        """Cut where nobody would cut it."""
        found = b"".join(self.parts)
        self.parts = [found[len(found) // 2 :]] if len(found) > 1 else []
        return found[: len(found) // 2] if len(found) > 1 else found


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path.resolve()
    (root / "documents").mkdir()
    for number, path in enumerate(PATHS):
        (root / path).write_bytes(PNG + bytes(number))
    (root / "documents" / "none.png").write_bytes(b"GIF89a")
    later = (root / PATHS[-1]).stat().st_ctime_ns + 60_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: later)
    monkeypatch.setattr(documents_ahead, "_LARGE", 1)
    monkeypatch.setattr(documents_ahead, "is_possible", lambda: True)
    monkeypatch.setattr(documents_ahead, "Meanwhile", Copy)
    monkeypatch.setattr(Copy, "begun", 0)
    return root


def hashed_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are hashed from now on, by their names."""
    names: list[str] = []
    real = documents._hashed

    def hashed(file: object, path: str, relative: str) -> object:
        names.append(path)
        return real(file, path, relative)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(documents, "_hashed", hashed)
    return names


def test_what_was_found_beside_is_not_looked_for_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [Documents(root).proof("", path) for path in PATHS]
    with Cache(root / "cache") as cache:
        known = Documents(root, cache)
        with looked_at_ahead(root, known, DocumentFiles(root)) as is_begun:
            assert is_begun
            here = hashed_here(monkeypatch)
            assert [known.proof("", path) for path in PATHS] == expected
            assert len(here) <= len(PATHS) // 2, "half of it had come when the first was asked for"
    here.clear()
    with Cache(root / "cache") as cache:
        again = Documents(root, cache)
        with looked_at_ahead(root, again, DocumentFiles(root)):
            assert [again.proof("", path) for path in PATHS] == expected
    assert here == [], "it is kept"
    assert Copy.begun == 1, "where something is known already, nobody is sent ahead"


def test_a_document_that_changed_since_is_hashed_here(root: Path) -> None:
    known = Documents(root)
    with looked_at_ahead(root, known, DocumentFiles(root)):
        (root / PATHS[0]).write_bytes(PNG + b"other")
        assert known.proof("", PATHS[0]) == Documents(root).proof("", PATHS[0])


def test_what_is_no_document_is_an_error_all_the_same(root: Path) -> None:
    known = Documents(root)
    with (
        looked_at_ahead(root, known, DocumentFiles(root)),
        pytest.raises(DocumentError, match="GIF"),
    ):
        known.proof("", "documents/none.png")


def test_nothing_is_heard_afterwards(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Documents(root)
    with looked_at_ahead(root, known, DocumentFiles(root)):
        pass
    here = hashed_here(monkeypatch)
    known.proof("", PATHS[0])
    assert here == [PATHS[0]]


@pytest.mark.parametrize(("name", "value"), [("_LARGE", 1 << 40), ("is_possible", lambda: False)])
def test_a_small_repository_and_a_busy_machine_have_no_copy(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(documents_ahead, name, value)
    with looked_at_ahead(root, Documents(root), DocumentFiles(root)) as is_begun:
        assert (is_begun, Copy.begun) == (False, 0)


def test_a_document_that_vanishes_is_passed_over(root: Path) -> None:
    sent: list[bytes] = []
    hash_all(root, iter(["documents/gone.png", PATHS[0]]), sent.append)
    assert len(sent) == 1
    assert documents_ahead._size(root, ("documents/gone.png", PATHS[0])) == len(PNG)


def many(folder: Path) -> Path:
    """A repository of as many manifests and documents as make it worth to have a copy."""
    root = folder.resolve()
    (root / "documents").mkdir()
    (root / "signatures").mkdir()
    for number in range(20):
        (root / "documents" / f"{number:02}.png").write_bytes(PNG + bytes(number))
        (root / "signatures" / f"{number:02}.yaml").write_text(
            f"id: SIG{number}\ncontent: 商店{number:02}\ntype: company\npurpose: self-use\n"
            f"certificate:\n  file: ../documents/{number:02}.png\n",
            encoding="utf-8",
        )
    return root


def ran(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, which has no other thread."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *words],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )


@pytest.mark.parametrize("command", ["validate", "plan --offline"])
@pytest.mark.parametrize("record", ["", "{}"], ids=["no record", "a damaged record"])
@pytest.mark.parametrize("more", ["", "type: 0\ncertificate: []\n"], ids=["sound", "broken"])
@pytest.mark.parametrize("large", [1, 1 << 40], ids=["large documents", "small documents"])
def test_two_processes_say_what_one_says(
    tmp_path: Path, large: int, more: str, record: str, command: str
) -> None:
    """As a command does it, with real copies and with none."""
    root = many(tmp_path)
    if more:
        (root / "signatures" / "more.yaml").write_text(more, encoding="utf-8")
    state = root / ".reconciler" / "state"
    if record:
        state.mkdir(parents=True)
        (state / "SIG3.json").write_text(record, encoding="utf-8")
    script = """
import os, shutil, sys
from reconciler import documents_ahead, manifests_ahead, recall, two_processes
from reconciler.cli.main import run
forks, fork = [], os.fork
os.fork = lambda: forks.append(1) or fork()
recall._MANY_MANIFESTS = 0
two_processes._MANY, documents_ahead._LARGE = 1, int(sys.argv[3])
manifests_ahead._MANY, manifests_ahead._BATCH = 1, 3
os.sched_getaffinity = lambda _: set(range(int(sys.argv[2])))
command = sys.argv[4:] + ["--root", sys.argv[1]]
run(command)
code = run(command + ["--verbose"]) if command[0] == "plan" else run(command)
shutil.rmtree(sys.argv[1] + "/.reconciler/cache", ignore_errors=True)
print(code, len(forks), file=sys.stderr)
"""
    words = command.split()
    code, telling = 0, "20 warnings" if words[0] == "validate" else "商店07"
    if more:
        code, telling = 3, "more.yaml"
    elif record and words[0] == "plan":
        code, telling = 1, "SIG3.json"
    said = {}
    for processors in (1, 2):
        done = ran(script, str(root), str(processors), str(large), *words)
        *told, last = done.stderr.splitlines()
        # One reads ahead and one judges, in each run that finds out anew.
        forks = (4 if more else 2) if processors > 1 else 0
        assert last == f"{code} {forks}"
        said[processors] = (done.stdout, told)
    assert said[1] == said[2]
    assert telling in str(said[1])


@pytest.mark.parametrize("folder", ["documents", "scans"])
def test_a_file_that_comes_while_the_copy_judges_is_seen_by_the_next_run(
    tmp_path: Path, folder: str
) -> None:
    root = many(tmp_path)
    (root / "documents").rename(root / folder)
    for manifest in (root / "signatures").iterdir():
        text = manifest.read_text("utf-8").replace("../documents", f"../{folder}")
        manifest.write_text(text, encoding="utf-8")
    script = """
import os, sys, time
from reconciler import recall, two_processes
from reconciler.cli import workspace
from reconciler.cli.main import run
recall._MANY_MANIFESTS, two_processes._MANY = 0, 1
two_processes.is_possible = lambda: True
here, judge, now = os.getpid(), workspace._judge, time.time_ns
def meanwhile(*given, **more):
    open(sys.argv[2], "wb").close()
    print(os.getpid() != here, file=sys.stderr)
    return judge(*given, **more)
time.time_ns = lambda: now() + 60 * 10**9
workspace._judge = meanwhile
run(["plan", "--offline", "--root", sys.argv[1]])
workspace._judge = judge
run(["validate", "--root", sys.argv[1]])
run(["validate", "--no-cache", "--root", sys.argv[1]])
"""
    done = ran(script, str(root), str(root / folder / "unused.png"))
    assert done.stderr == "True\n", "the copy judged, and nobody else"
    assert done.stdout.count("21 warnings in 20 manifests") == 2, done.stdout

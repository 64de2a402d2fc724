"""A cache cannot lie: whatever it holds, the verdict is the one that is found without it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler import anew, recall, two_processes
from reconciler.cache.store import FILE
from reconciler.cli.caching import FOLDER, open_cache
from reconciler.cli.workspace import Workspace, _judge, judged, open_workspace
from reconciler.inspection.folders import DocumentFiles, Listing
from reconciler.repository import Repository
from reconciler.two_processes import Besides
from tests.integration.world import PNG
from tests.tools.odd_documents import document

SCAN = document("a png of 960 x 640 pixels")
SMALL = document("a png of 120 x 80 pixels")
LONG = 60_000_000_000
"""Nanoseconds after which a file's status is believed."""
NAMES = ("a", "b", "deep/c", "deep/d", "deep/e", "f")
SCANS = ("documents/one", "documents/two", "documents/three", "papers/four", "papers/unused")
BESIDE_EACH_OTHER = b'[rules]\nUSMS1 = "off"\nUSMS2 = "off"\nUSMS3 = "off"\nUSMS401 = "warning"\n'


@dataclass(slots=True)
class World:
    """A repository whose files age at once."""

    root: Path
    clock: int = 0

    def write(self, path: str, data: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def manifest(self, name: str, content: str, document: str = "one.png") -> None:
        up = "../" * (name.count("/") + 1)
        self.write(
            f"signatures/{name}.yaml",
            f"id: SIG{NAMES.index(name)}\ncontent: {content}\ntype: company\npurpose: self-use\n"
            f"certificate:\n  file: {up}documents/{document}\n".encode(),
        )

    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def judge(self, *, cached: bool, besides: Besides | None = None) -> tuple[Any, ...]:
        """All that a command can see of the verdict."""
        self.clock += LONG
        now = time.time_ns() + self.clock
        with mock.patch("time.time_ns", return_value=now):
            workspace = self.workspace()
            with open_cache(workspace.root, wanted=cached) as cache:
                return seen(judged(workspace, cache, besides=besides))

    def file(self) -> Path:
        return self.root / FOLDER / FILE


def seen(found: Repository) -> tuple[Any, ...]:
    return (
        tuple(found.desired),
        [(each.name, each.path, each.data, each.raw) for each in found.manifests],
        found.problems,
        found.has_folder,
        found.count,
        dict(found.names),
        found.notes,
    )


@contextmanager
def world() -> Iterator[World]:
    """Two manifests and two documents; the smallest repository has a cache here."""
    with (
        tempfile.TemporaryDirectory() as name,
        mock.patch.object(recall, "_MANY_MANIFESTS", 0),
        mock.patch.object(anew, "_SHARE", 0),
    ):
        made = World(root=Path(name).resolve())
        made.write("documents/one.png", PNG)
        made.write("documents/two.png", PNG + b"\n")
        made.manifest("a", "甲乙丙丁")
        made.manifest("deep/c", "子丑寅卯", "two.png")
        yield made


Step = Callable[[World], None]
STAR, CUP = "示例星杯咖啡有限公司", "示例杯星餐饮有限公司"
CONTENTS = ("示例星杯咖啡", "示例星杯", "示例杯星餐饮", "示例星碗", "示例星", "示例杯", "示例碗")
"""Neighbours by name may have the same one."""
REASON = "# reconciler: ignore[{}] they know of each other"


def spoken(name: str, words: dict[str, Any]) -> Step:
    """A manifest that says something of what others speak about too; see `WORDS`."""
    up = "../" * (name.count("/") + 1)
    ignored = words["ignore"]

    def noted(rule: str) -> str:
        return f" {REASON.format(rule)}" if rule == ignored else ""

    lines = [
        f"id: SIG{NAMES.index(name)}",
        f"content: {CONTENTS[NAMES.index(name) + words['content']]}{noted('USMS405')}",
        f"type: {words['type']}",
        f"purpose: {'others-use' if words['letter'] else 'self-use'}",
        f"scene: {words['scene']}{noted('USMS403')}",
        f"project: {words['project']}",
        f"certificate:\n  file: {up}documents/{words['document']}{noted('USMS404')}",
        f"  holder: {words['holder']}{noted('USMS406') or noted('USMS401')}",
        words["more"],
    ]
    if words["letter"]:
        letter = f"{up}documents/{words['letter']}{noted('USMS407') or noted('USMS404')}"
        lines.append(f"authorization:\n  file: {letter}")
    return lambda world: world.write(f"signatures/{name}.yaml", "\n".join(lines).encode() + b"\n")


WORDS = st.fixed_dictionaries(
    {
        "content": st.sampled_from([0, 0, 0, 1]),
        "type": st.sampled_from(["company", "trademark"]),
        "scene": st.sampled_from(["codes", "orders", "Login codes of our shop"]),
        "project": st.sampled_from(["org-1", "org-2"]),
        "document": st.sampled_from(
            ["one.png", "two.png", "three.png", "../papers/four.png", "linked.png"]
        ),
        "holder": st.sampled_from([STAR, CUP]),
        "letter": st.sampled_from(["", "", "two.png", "one.png"]),
        "more": st.sampled_from(["", "", "", "suspend: true", "absent: true"]),
        "ignore": st.sampled_from(["", "", *(f"USMS40{number}" for number in (1, 3, 4, 5, 6, 7))]),
    }
)


def edit(name: str, content: str) -> Step:
    return lambda world: world.manifest(name, content)


def other_bytes_of_the_same_size_and_time(path: str, flip: int) -> Step:
    """What a careless cache would not notice."""

    def step(world: World) -> None:
        target = world.root / path
        if target.exists():
            before = target.stat()
            data = bytearray(target.read_bytes())
            data[-1 - flip] ^= 1
            target.write_bytes(data)
            os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))

    return step


def remove(path: str) -> Step:
    return lambda world: (world.root / path).unlink(missing_ok=True)


def touch(path: str) -> Step:
    return lambda world: (
        os.utime(world.root / path, (1, 1)) if (world.root / path).exists() else None
    )


def swap(world: World) -> None:
    """Two documents change places, with their times and inodes."""
    one, two = (world.root / "documents" / name for name in ("one.png", "two.png"))
    if one.exists() and two.exists():
        one.rename(one.with_suffix(".tmp"))
        two.rename(one)
        one.with_suffix(".tmp").rename(two)


def clone(world: World) -> None:
    """The files as after a checkout: other inodes and times; the cache came along."""
    copy = world.root.with_name(world.root.name + "-copy")
    shutil.copytree(world.root, copy, symlinks=True, copy_function=shutil.copyfile)
    shutil.rmtree(world.root)
    copy.rename(world.root)


def setting(text: str) -> Step:
    return lambda world: world.write("reconciler.toml", text.encode())


def damage(world: World) -> None:
    if world.file().exists():
        data = bytearray(world.file().read_bytes())
        for at in range(5000, len(data), 97):
            data[at] ^= 255
        world.file().write_bytes(data)


def stray(path: str) -> Step:
    return lambda world: world.write(path, PNG + os.fsencode(path))


def link(path: str, target: str) -> Step:
    def step(world: World) -> None:
        place = world.root / path
        if not os.path.lexists(place):
            place.symlink_to(target)

    return step


ODD = os.fsdecode(b"signatures/\xff.yaml")
"""A name that is not UTF-8."""
PLACES = st.sampled_from(
    ["signatures/a.yaml", "signatures/deep/c.yaml", "documents/one.png", "documents/two.png"]
)
SPOKEN = st.builds(spoken, st.sampled_from(NAMES), WORDS)
CHANGES = SPOKEN | st.builds(remove, st.sampled_from([f"signatures/{name}.yaml" for name in NAMES]))
STEPS: st.SearchStrategy[Step] = st.one_of(
    SPOKEN,
    st.builds(
        edit, st.sampled_from(NAMES), st.sampled_from(["甲乙丙丁", "子丑寅卯", "优刻得", "!"])
    ),
    st.builds(other_bytes_of_the_same_size_and_time, PLACES, st.integers(0, 3)),
    st.builds(remove, PLACES),
    st.builds(touch, PLACES),
    st.builds(stray, st.sampled_from(["documents/three.png", "documents/deep/four.png"])),
    st.builds(
        setting,
        st.sampled_from(["", 'project = "org-1"\n', '[rules]\nUSMS4 = "off"\n', "timeout = 9\n"]),
    ),
    st.sampled_from([swap, clone, damage, remove(f"{FOLDER}/{FILE}")]),
    st.sampled_from(
        [
            link("signatures/out.yaml", "/etc/passwd"),
            link("signatures/loop", "."),
            link("signatures/same.yaml", "a.yaml"),
            remove("signatures/out.yaml"),
            remove("signatures/loop"),
            stray(ODD),
            remove(ODD),
        ]
    ),
)


@given(st.lists(STEPS, max_size=6))
# What is left of a damaged file takes up some of the new values and not the others.
@example([damage, touch("signatures/a.yaml"), swap, swap])
@example([link("signatures/out.yaml", "/etc/passwd")])
@example([link("signatures/loop", ".")])
@example([stray(ODD)])
@settings(max_examples=40)
def test_cold_warm_stale_damaged_and_absent_caches_give_the_same_verdict(steps: list[Step]) -> None:
    with world() as made:
        for step in [lambda _: None, *steps]:
            step(made)
            without = made.judge(cached=False)
            assert made.judge(cached=True) == without
            assert made.judge(cached=True) == without


@given(st.tuples(*(st.builds(spoken, st.just(name), WORDS) for name in NAMES)), st.lists(CHANGES))
@settings(max_examples=60)
def test_what_a_change_touches_is_all_that_it_changes(
    begin: tuple[Step, ...], changes: list[Step]
) -> None:
    """Manifests that agree with each other or not, changed one after the other."""
    with world() as made:
        # What is said of each by itself would nearly always end in an error, and nothing be kept.
        made.write("reconciler.toml", BESIDE_EACH_OTHER)
        for number, name in enumerate(SCANS):
            made.write(f"{name}.png", SCAN[:-1] + bytes([number]))
        (made.root / "documents" / "linked.png").symlink_to("../papers/four.png")
        for step in begin:
            step(made)
        for change in [lambda _: None, *changes]:
            change(made)
            assert made.judge(cached=True) == made.judge(cached=False)


def test_a_warm_cache_is_really_used() -> None:
    with world() as made:
        cold = made.judge(cached=True)
        assert made.file().exists()
        with mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")):
            assert made.judge(cached=True) == cold
            clone(made)
            assert made.judge(cached=True) == cold, "the content's key survives a fresh clone"


def test_nothing_is_listed_where_no_folder_has_changed() -> None:
    with world() as made:
        made.judge(cached=True)
        cold = made.judge(cached=True)
        with mock.patch("os.scandir", side_effect=AssertionError("listed")):
            assert made.judge(cached=True) == cold


def test_a_verdict_with_an_error_in_it_is_found_out_each_time() -> None:
    with world() as made:
        made.manifest("a", "!")
        made.judge(cached=True)
        with (
            mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")),
            pytest.raises(AssertionError, match="asked"),
        ):
            made.judge(cached=True)


def test_a_verdict_on_a_document_that_changed_meanwhile_is_not_kept() -> None:
    def meanwhile(*given: Any, **more: Any) -> Repository:
        made.write("documents/one.png", SMALL)
        return _judge(*given, **more)

    with world() as made:
        made.write("documents/one.png", SCAN)
        with mock.patch("reconciler.cli.workspace._judge", meanwhile):
            made.judge(cached=True)
        assert "120 x 80" in str(made.judge(cached=True)), "it is the small one by now"
        made.write("documents/one.png", SCAN)
        assert "120 x 80" not in str(made.judge(cached=True))


def test_a_verdict_on_a_folder_that_changed_meanwhile_is_not_kept() -> None:
    def meanwhile(*given: Any, **more: Any) -> Repository:
        judged = _judge(*given, **more)
        made.write("documents/unused.png", SCAN)
        return judged

    with world() as made:
        with mock.patch("reconciler.cli.workspace._judge", meanwhile):
            made.judge(cached=True)
        assert "unused.png" in str(made.judge(cached=True))


def judge_while_a_file_comes_and_goes(made: World, besides: Besides | None = None) -> None:
    listed = DocumentFiles.beside

    def beside(self: DocumentFiles, used: Iterable[str]) -> Listing:
        found = listed(self, used)
        made.write("documents/late.png", SCAN)
        return found

    with mock.patch.object(DocumentFiles, "beside", beside):
        made.judge(cached=True, besides=besides)
    (made.root / "documents" / "late.png").unlink()


def test_the_files_that_are_judged_are_those_that_are_remembered() -> None:
    with world() as made:
        judge_while_a_file_comes_and_goes(made)
        assert made.judge(cached=True) == made.judge(cached=False)


def test_a_folder_that_is_looked_into_in_vain_is_looked_into_again() -> None:
    scandir = os.scandir

    def fail(path: Any) -> Any:
        if str(path).endswith("documents"):
            raise OSError(errno.ENFILE, "too many open files")
        return scandir(path)

    with world() as made:
        made.write("documents/unused.png", SCAN)
        with mock.patch("os.scandir", fail):
            assert "unused.png" not in str(made.judge(cached=True))
        assert made.judge(cached=True) == made.judge(cached=False)
        assert "unused.png" in str(made.judge(cached=True))


def test_a_manifest_that_comes_once_its_folder_is_listed_is_found_by_the_next_run() -> None:
    scandir = os.scandir

    @contextmanager
    def meanwhile(path: Any) -> Iterator[Any]:
        with scandir(path) as entries:
            yield entries
        if str(path).endswith("signatures"):
            made.manifest("b", "优刻得")

    with world() as made:
        with mock.patch("os.scandir", meanwhile):
            made.judge(cached=True)
        assert made.judge(cached=True) == made.judge(cached=False)
        assert "优刻得" in str(made.judge(cached=True))


def test_a_folder_that_is_now_another_one_is_another_one() -> None:
    with world() as made:
        made.write("old/one.png", SCAN)
        made.write("new/one.png", SMALL)
        made.manifest("a", "甲乙丙丁", "../link/one.png")
        (made.root / "link").symlink_to("old")
        made.judge(cached=True)
        (made.root / "link").unlink()
        (made.root / "link").symlink_to("new")
        assert "120 x 80" in str(made.judge(cached=True))
        assert made.judge(cached=True) == made.judge(cached=False)


def test_another_program_does_not_believe_it() -> None:
    with world() as made:
        made.judge(cached=True)
        with (
            mock.patch("reconciler.cache.verdicts.program", return_value="another"),
            mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")),
            pytest.raises(AssertionError, match="asked"),
        ):
            made.judge(cached=True)


def test_a_small_repository_gets_no_cache() -> None:
    with world() as made, mock.patch.object(recall, "_MANY_MANIFESTS", 100):
        made.judge(cached=True)
        with open_cache(made.root, wanted=True) as cache:
            assert judged(made.workspace(), cache).known_by == "", "so its plan is not kept either"
        assert not (made.root / ".reconciler").exists()
        with mock.patch.object(recall, "_LARGE", 2 * len(PNG)):
            made.judge(cached=True)
        assert made.file().exists()


def test_a_cache_that_is_committed_is_not_believed() -> None:
    with world() as made:
        made.judge(cached=True)
        subprocess.run(["git", "init", "--quiet"], cwd=made.root, check=True)
        with open_cache(made.root, wanted=True) as cache:
            assert cache.all("verdict")
        subprocess.run(["git", "add", "--force", FOLDER], cwd=made.root, check=True)
        with open_cache(made.root, wanted=True) as cache:
            assert not cache.all("verdict")


def test_a_verdict_depends_on_the_day() -> None:
    with world() as made:
        text = (made.root / "signatures" / "a.yaml").read_text("utf-8")
        made.write("signatures/a.yaml", f"{text}  expires: 2026-11-30\n".encode())
        first = made.judge(cached=True)
        later = replace_now(made, 2030)
        assert later != first


def test_a_verdict_is_that_of_one_day_even_at_midnight() -> None:
    from reconciler.cli import workspace

    before = workspace.now().replace(year=2026, month=11, day=29, hour=3)
    days = iter([before, before.replace(year=2030), before.replace(year=2030)])
    with world() as made:
        text = (made.root / "signatures" / "a.yaml").read_text("utf-8")
        made.write("signatures/a.yaml", f"{text}  expires: 2026-11-30\n".encode())
        with mock.patch.object(workspace, "now", side_effect=days):
            made.judge(cached=True)
        with mock.patch.object(workspace, "now", return_value=before):
            assert made.judge(cached=True) == made.judge(cached=False)


def replace_now(made: World, year: int) -> tuple[object, ...]:
    from reconciler.cli import workspace

    then = workspace.now().replace(year=year)
    with mock.patch.object(workspace, "now", return_value=then):
        return made.judge(cached=True)


def test_what_could_not_be_judged_is_remembered_too() -> None:
    with world() as made, mock.patch("reconciler.review.available", return_value=False):
        cold = made.judge(cached=True)
        assert "2 documents were not looked into" in str(cold)
        with mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")):
            assert made.judge(cached=True) == cold


class TestTwoProcesses:
    """The other one is done here, at once: what is said must not depend on who found it out."""

    @pytest.fixture
    def made(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
        monkeypatch.setattr(two_processes, "_MANY", 1)
        monkeypatch.setattr(two_processes, "is_possible", lambda: True)
        monkeypatch.setattr(two_processes, "Meanwhile", Copy)
        monkeypatch.setattr(Copy, "works", [])
        with world() as made:
            yield made

    @pytest.fixture(params=["divided", "handed over"])
    def besides(self, request: pytest.FixtureRequest) -> Besides | None:
        """A caller who has nothing else to do, and one who has."""
        return None if request.param == "divided" else lambda: None

    def test_say_what_one_says(self, made: World, besides: Besides | None) -> None:
        alone = made.judge(cached=False)
        assert Copy.works == []
        with mock.patch("reconciler.cli.workspace._judge", side_effect=_judge) as judge:
            assert made.judge(cached=True, besides=besides) == alone
        assert judge.call_count == 1
        assert [each != b"" for each in Copy.works] == [True]
        with mock.patch("reconciler.cli.workspace._judge", side_effect=AssertionError("asked")):
            assert made.judge(cached=True) == alone

    @pytest.mark.parametrize(
        ("text", "known"),
        [
            (b"content: \xe7\x94\xb2\n", b""),
            (b"content: [1, 2]\nid: {a: b}\ncertificate: 7\n", b""),
            (b"", None),
            (b"type: 0\ncertificate: {file: 3}\nabsent: maybe\n", b""),
        ],
    )
    def test_say_it_of_broken_manifests_too(
        self, made: World, text: bytes, known: bytes | None, besides: Besides | None
    ) -> None:
        made.write("signatures/b.yaml", text)
        alone = made.judge(cached=False)
        assert made.judge(cached=True, besides=besides) == alone
        assert made.judge(cached=True, besides=besides) == alone
        if known is not None:
            assert Copy.works == [known, known], "each run finds it out again"

    def test_are_one_where_the_other_is_killed(
        self, made: World, monkeypatch: pytest.MonkeyPatch, besides: Besides | None
    ) -> None:
        monkeypatch.setattr(Copy, "result", lambda _: None)
        assert made.judge(cached=True, besides=besides) == made.judge(cached=False)
        assert made.judge(cached=True, besides=besides) == made.judge(cached=False)

    def test_say_what_the_rules_found(self, made: World, besides: Besides | None) -> None:
        made.manifest("b", "优刻得★")
        made.write("documents/one.png", SMALL)
        alone = made.judge(cached=False)
        assert "USMS101" in str(alone)
        assert "120 x 80" in str(alone)
        assert made.judge(cached=True, besides=besides) == alone
        assert made.judge(cached=True, besides=besides) == alone
        assert len(Copy.works) == 2, "a verdict with an error in it is not kept"

    def test_say_which_manifests_clash_and_leave_the_later_one_out(
        self, made: World, besides: Besides | None
    ) -> None:
        content = made.judge(cached=False)[0][0].content
        made.manifest("b", content)
        alone = made.judge(cached=False)
        assert f"two manifests have the content `{content}`" in str(alone)
        assert "b" not in [each.name for each in alone[0]]
        assert made.judge(cached=True, besides=besides) == alone
        assert [each != b"" for each in Copy.works] == [True]

    def test_keep_nothing_of_what_changed_meanwhile(
        self, made: World, besides: Besides | None
    ) -> None:
        def meanwhile(*given: Any, **more: Any) -> Repository:
            made.write("documents/one.png", SMALL)
            return _judge(*given, **more)

        made.write("documents/one.png", SCAN)
        with mock.patch("reconciler.cli.workspace._judge", meanwhile):
            made.judge(cached=True, besides=besides)
        made.write("documents/one.png", SCAN)
        assert made.judge(cached=True, besides=besides) == made.judge(cached=False)
        assert len(Copy.works) == 2

    def test_say_what_could_not_be_judged(self, made: World, besides: Besides | None) -> None:
        with mock.patch("reconciler.review.available", return_value=False):
            alone = made.judge(cached=False)
            assert "2 documents were not looked into" in str(alone)
            assert made.judge(cached=True, besides=besides) == alone
            assert made.judge(cached=True, besides=besides) == alone
        assert len(Copy.works) == 1

    def test_judge_the_files_that_are_remembered(
        self, made: World, besides: Besides | None
    ) -> None:
        judge_while_a_file_comes_and_goes(made, besides)
        assert len(Copy.works) == 1
        assert made.judge(cached=True) == made.judge(cached=False)

    def test_leave_time_for_work_of_the_callers_own(self, made: World) -> None:
        done: list[str] = []
        cold = made.judge(cached=True, besides=lambda: done.append("read"))
        assert done == ["read"]
        assert made.judge(cached=True, besides=lambda: done.append("again")) == cold
        assert done == ["read"], "there is nothing to wait for"


class Copy:
    """A copy of this process that has done its work before anybody looks."""

    works: ClassVar[list[bytes]] = []

    def __init__(self, work: Callable[[Callable[[bytes], None]], None]) -> None:
        sent: list[bytes] = []
        work(sent.append)
        self._sent = b"".join(sent)
        self.works.append(self._sent)

    def __enter__(self) -> Copy:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def sent(self) -> bytes:
        some, self._sent = self._sent[:9], self._sent[9:]
        return some

    def result(self) -> bytes | None:
        return self._sent

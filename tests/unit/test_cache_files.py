"""A file is known again by its status, but only where that proves the same bytes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cache import coding
from reconciler.cache.files import KnownFiles, Statuses, is_settled, status_digest
from reconciler.cache.later import Later
from reconciler.cache.packed import Wanted
from reconciler.cache.store import Cache
from reconciler.discover import discover, read_all
from reconciler.model import Desired, Proof, Purpose, SignatureType, Submission
from reconciler.problems import Position, Problem, Severity

SECOND = 1_000_000_000


class TestManyFiles:
    """Known again together."""

    @pytest.fixture
    def root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "signatures").mkdir()
        for name in "abc":
            (tmp_path / f"signatures/{name}.yaml").write_text(name, encoding="utf-8")
        now = (tmp_path / "signatures/c.yaml").stat().st_ctime_ns
        monkeypatch.setattr("time.time_ns", lambda: now + 9 * SECOND)
        return tmp_path

    def test_have_the_same_digest_read_or_looked_at(self, root: Path) -> None:
        statuses = Statuses()
        found = read_all(root, statuses=statuses)
        assert statuses.digest() == status_digest(str(root), found.discovery.manifests) != ""

    def test_are_looked_at_before_they_are_read(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, read = root / "signatures/b.yaml", os.read

        def change(descriptor: int, size: int) -> bytes:
            found = read(descriptor, size)
            if found == b"b":
                path.write_bytes(b"other")
            return found

        before = status_digest(str(root), discover(root).manifests)
        statuses = Statuses()
        with monkeypatch.context() as patched:
            patched.setattr(os, "read", change)
            assert read_all(root, statuses=statuses).raws[1] == b"b"
        assert statuses.digest() == before != ""
        assert status_digest(str(root), discover(root).manifests) != before

    def test_are_not_known_where_one_is_new_or_gone(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert status_digest(str(root), ["signatures/a.yaml", "signatures/none.yaml"]) == ""
        now = (root / "signatures/c.yaml").stat().st_ctime_ns
        monkeypatch.setattr("time.time_ns", lambda: now + SECOND)
        assert status_digest(str(root), ["signatures/a.yaml"]) == ""


class TestAFile:
    @pytest.mark.parametrize(("age", "found"), [(1, None), (3, "known")])
    def test_is_known_only_if_it_was_old_when_it_was_read(
        self, tmp_path: Path, age: int, found: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"one")
        status = path.stat()
        monkeypatch.setattr("time.time_ns", lambda: status.st_ctime_ns + age * SECOND)
        folder = tmp_path.resolve() / "cache"
        with Cache(folder) as cache:
            KnownFiles(cache).keep("file", status, "known")
        with Cache(folder) as cache:
            assert KnownFiles(cache).recall("file", status) == found

    def test_is_forgotten_by_any_sign_of_a_change(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"one")
        before = path.stat()
        monkeypatch.setattr("time.time_ns", lambda: before.st_ctime_ns + 9 * SECOND)
        folder = tmp_path.resolve() / "cache"
        with Cache(folder) as cache:
            KnownFiles(cache).keep("file", before, "known")
        path.write_bytes(b"two")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with Cache(folder) as cache:
            assert KnownFiles(cache).recall("file", path.stat()) is None
            assert KnownFiles(cache).recall("other", before) is None

    def test_is_forgotten_by_another_program(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"one")
        status = path.stat()
        monkeypatch.setattr("time.time_ns", lambda: status.st_ctime_ns + 9 * SECOND)
        folder = tmp_path.resolve() / "cache"
        with Cache(folder) as cache:
            KnownFiles(cache).keep("file", status, "known")
        monkeypatch.setattr("reconciler.cache.files.program", lambda: "another")
        with Cache(folder) as cache:
            assert KnownFiles(cache).recall("file", status) is None


def test_what_changed_at_the_moment_is_not_settled() -> None:
    assert not is_settled(10 * SECOND, 10 * SECOND)
    assert is_settled(10 * SECOND, 13 * SECOND)
    assert not is_settled(20 * SECOND, 10 * SECOND), "a clock that went back proves nothing"


TEXT = st.text(max_size=5)
PROOFS = st.builds(
    Proof,
    sha256=TEXT | st.none(),
    url=TEXT | st.none(),
    path=TEXT | st.none(),
    size=st.integers(0, 9) | st.none(),
    media_type=TEXT | st.none(),
)
SUBMISSIONS = st.builds(
    Submission,
    content=TEXT,
    type=st.sampled_from(SignatureType),
    purpose=st.sampled_from(Purpose),
    certificate=PROOFS,
    authorization=PROOFS | st.none(),
    scene=TEXT | st.none(),
    description=TEXT | st.none(),
    international=st.booleans(),
    qualification=TEXT | st.none(),
)
DESIRED = st.builds(
    Desired,
    name=TEXT,
    path=TEXT,
    line=st.integers(1, 9),
    ids=st.lists(TEXT, max_size=3).map(tuple),
    content=TEXT | st.none(),
    project=TEXT,
    submission=SUBMISSIONS | st.none(),
    suspend=st.booleans(),
    absent=st.booleans(),
)
NUMBERS = st.integers(1, 99)
PROBLEMS = st.builds(
    Problem,
    severity=st.sampled_from(Severity),
    rule=TEXT,
    summary=TEXT,
    detail=TEXT,
    name=TEXT | st.none(),
    path=TEXT,
    position=st.builds(
        Position, line=NUMBERS, column=NUMBERS, end_line=NUMBERS, end_column=NUMBERS
    ),
)


@given(st.lists(DESIRED, max_size=5).map(tuple))
def test_what_is_desired_comes_back_as_it_was(desired: tuple[Desired, ...]) -> None:
    assert tuple(Wanted([coding.desired_text(desired)])) == desired


@given(DESIRED, st.integers(0, 200))
def test_so_do_many(desired: Desired, count: int) -> None:
    many = tuple(replace(desired, line=number) for number in range(count))
    assert tuple(Wanted([coding.desired_text(many)])) == many


@given(st.lists(PROBLEMS, max_size=5).map(tuple))
def test_problems_come_back_as_they_were(problems: tuple[Problem, ...]) -> None:
    assert coding.problems(coding.problem_rows(problems)) == problems


def test_a_later_sequence_is_made_once_and_only_if_somebody_looks() -> None:
    made: list[int] = []

    def make() -> tuple[int, ...]:
        made.append(1)
        return (1, 2, 3)

    later = Later(make)
    assert made == []
    assert (len(later), later[0], later[1:]) == (3, 1, (2, 3))
    assert made == [1]
    assert later == (1, 2, 3) == later
    assert later == Later(lambda: (1, 2, 3))
    assert later != [1, 2, 3]
    assert hash(later) == hash((1, 2, 3))

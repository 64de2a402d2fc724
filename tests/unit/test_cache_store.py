"""The cache's file: shared, disposable, and never believed where it is not whole."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cache.store import FILE, NO_CACHE, Cache

MANY = 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path.resolve() / ".reconciler" / "cache"


def keep(folder: Path, key: str, value: bytes, *, most: int = MANY) -> None:
    with Cache(folder) as cache:
        cache.put("kind", key, value, most=most)


def kept(folder: Path, key: str) -> bytes | None:
    with Cache(folder) as cache:
        return cache.get("kind", key)


class TestAValue:
    def test_is_found_by_its_kind_and_key(self, folder: Path) -> None:
        keep(folder, "a", b"one")
        assert kept(folder, "a") == b"one"
        assert kept(folder, "b") is None
        with Cache(folder) as cache:
            assert cache.get("other kind", "a") is None
            assert cache.all("kind") == {"a": b"one"}

    def test_is_replaced_by_a_newer_one(self, folder: Path) -> None:
        keep(folder, "a", b"one")
        keep(folder, "a", b"two")
        assert kept(folder, "a") == b"two"

    def test_is_not_kept_once_discarded(self, folder: Path) -> None:
        with Cache(folder) as cache:
            cache.put("kind", "a", b"one", most=MANY)
            cache.discard()
        assert not folder.exists()

    def test_is_dropped_when_enough_newer_ones_came(self, folder: Path) -> None:
        for key in "abc":
            keep(folder, key, b"value", most=2)
        assert [key for key in "abc" if kept(folder, key)] == ["b", "c"]

    def test_is_not_shown_to_git(self, folder: Path) -> None:
        keep(folder, "a", b"one")
        assert "*" in (folder / ".gitignore").read_text("utf-8").splitlines()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def _garbage(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be taken for the header of one" * 20)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _sql(*commands: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        connection = sqlite3.connect(path)
        for command in commands:
            connection.execute(command)
        connection.commit()
        connection.close()

    return run


class TestAFileThatIsNotWhole:
    @pytest.mark.parametrize(
        "harm",
        [
            _cut,
            _garbage,
            _empty,
            _sql("PRAGMA user_version = 7"),
            _sql("UPDATE entries SET value = x'00' || value"),
            _sql("UPDATE entries SET value = 'text'"),
            _sql("DROP TABLE entries"),
        ],
    )
    def test_finds_nothing_and_can_be_filled_again(
        self, folder: Path, harm: Callable[[Path], None]
    ) -> None:
        keep(folder, "a", b"one")
        harm(folder / FILE)
        assert kept(folder, "a") is None
        keep(folder, "a", b"two")
        keep(folder, "a", b"three")  # the first may have found the file to be thrown away
        assert kept(folder, "a") == b"three"

    def test_gives_no_value_under_another_key(self, folder: Path) -> None:
        keep(folder, "a", b"one")
        keep(folder, "b", b"two")
        _sql("UPDATE entries SET value = (SELECT value FROM entries WHERE key = 'a')")(
            folder / FILE
        )
        assert (kept(folder, "a"), kept(folder, "b")) == (b"one", None)


class TestAPlaceThatCannotBeUsed:
    def test_a_folder_that_cannot_be_made_is_no_failure(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        folder = tmp_path.resolve() / "file" / "cache"
        keep(folder, "a", b"one")
        assert kept(folder, "a") is None

    def test_a_link_to_elsewhere_is_not_followed(self, folder: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        keep(elsewhere.resolve(), "a", b"one")
        folder.parent.mkdir(parents=True)
        folder.symlink_to(elsewhere)
        assert kept(folder, "a") is None
        keep(folder, "a", b"two")
        assert kept(elsewhere.resolve(), "a") == b"one"

    def test_nothing_is_kept_without_a_folder(self) -> None:
        with NO_CACHE as cache:
            assert cache.get("kind", "a") is None
            assert cache.all("kind") == {}


class TestSeveralRuns:
    def test_write_side_by_side_and_lose_nothing(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reconciler.cache.store._SECONDS", 60)  # however busy the machine is
        threads = [
            threading.Thread(target=keep, args=(folder, str(n), b"value")) for n in range(MANY)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Cache(folder) as cache:
            assert cache.all("kind").keys() == {str(n) for n in range(MANY)}

    def test_do_not_wait_for_ever_for_one_another(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reconciler.cache.store._SECONDS", 0.01)
        keep(folder, "a", b"one")
        other = sqlite3.connect(folder / FILE, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        keep(folder, "b", b"two")
        assert kept(folder, "a") is None
        other.execute("ROLLBACK")
        other.close()
        assert (kept(folder, "a"), kept(folder, "b")) == (b"one", None)

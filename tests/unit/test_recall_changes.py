"""A repository that has changed a little: what the change touches is judged, and nothing else."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from reconciler import anew, contents, discover
from reconciler.cache import digests
from reconciler.cli import workspace
from reconciler.cli.caching import open_cache
from reconciler.cli.workspace import load_repository
from reconciler.discover import Sources
from reconciler.problems import Problem
from reconciler.repository import Repository
from tests.unit.recall_world import SCAN, SMALL, World, clone, world

NAMES = [f"shop-{number:02}" for number in range(12)]


@pytest.fixture
def made() -> Iterator[World]:
    """Twelve manifests that were judged, with a document for each two."""
    with world() as made, mock.patch.object(anew, "_SHARE", 4):
        for path in ("signatures/a.yaml", "signatures/deep/c.yaml"):
            (made.root / path).unlink()
        for path in ("documents/one.png", "documents/two.png"):
            (made.root / path).unlink()
        for number, name in enumerate(NAMES):
            write(made, name, f"Codes of shop {number}")
            made.write(f"documents/{number // 2}.png", SCAN[:-1] + bytes([number // 2]))
        made.judge(cached=True)
        yield made


def write(made: World, name: str, scene: str, more: str = "") -> None:
    number = NAMES.index(name)
    text = (
        f"id: SIG{number}\ncontent: 示例{'甲乙丙丁戊己庚辛壬癸子丑'[number]}\ntype: trademark\n"
        f"purpose: self-use\nscene: {scene}\n{more}certificate:\n"
        f"  file: ../documents/{number // 2}.png\n  holder: 示例星杯咖啡有限公司\n"
    )
    made.write(f"signatures/{name}.yaml", text.encode())


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of the manifests that were parsed and judged, time by time."""
    found: list[list[str]] = []
    load = workspace._loaded

    def spy(where: Any, sources: Sources, *given: Any, **more: Any) -> Repository:
        found.append([Path(path).stem for path in sources.discovery.manifests])
        return load(where, sources, *given, **more)

    monkeypatch.setattr(workspace, "_loaded", spy)
    return found


def judged(made: World, read: list[list[str]]) -> list[list[str]]:
    """Who was judged by a run with the cache, which says what one says without it."""
    before = len(read)
    found = made.judge(cached=True)
    times = read[before:]
    assert found == made.judge(cached=False)
    return times


def test_one_change_has_one_manifest_judged(made: World, read: list[list[str]]) -> None:
    write(made, "shop-03", "Order news of shop 3")
    assert judged(made, read) == [["shop-03"]]
    assert judged(made, read) == [], "and once, not each time"


def test_a_changed_repository_is_known_by_its_files_status_from_then_on(made: World) -> None:
    write(made, "shop-03", "Order news of shop 3")
    first = made.judge(cached=True)
    with mock.patch.object(contents.Contents, "digests", side_effect=AssertionError("looked at")):
        assert made.judge(cached=True) == first


def test_but_not_where_a_file_changed_before_it_was_read(made: World) -> None:
    def meanwhile(root: str, path: str, opened: Any = None) -> bytes | Problem:
        write(made, "shop-03", "Something else again")
        return discover.read(root, path, opened)

    def trees() -> int:
        with open_cache(made.root, wanted=True) as cache:
            return len(cache.all("tree"))

    write(made, "shop-03", "Order news of shop 3")
    before = trees()
    with mock.patch.object(contents, "read", meanwhile):
        made.judge(cached=True)
    assert trees() == before
    made.judge(cached=True)
    assert trees() == before + 1


def test_from_change_to_change_the_first_verdict_is_what_is_known(
    made: World, read: list[list[str]]
) -> None:
    write(made, "shop-03", "Order news of shop 3")
    made.judge(cached=True)
    write(made, "shop-05", "Order news of shop 5")
    assert judged(made, read) == [["shop-03", "shop-05"]]


def test_manifests_come_and_go(made: World, read: list[list[str]]) -> None:
    (made.root / "signatures" / "shop-02.yaml").unlink()
    text = (made.root / "signatures" / "shop-03.yaml").read_text("utf-8")
    made.write(
        "signatures/shop-02b.yaml", text.replace("SIG3", "SIG99").replace("丁", "寅").encode()
    )
    assert judged(made, read) == [["shop-02b"]]
    assert judged(made, read) == []


def test_a_document_has_its_users_judged(made: World, read: list[list[str]]) -> None:
    made.write("documents/2.png", SMALL)
    assert judged(made, read) == [["shop-04", "shop-05"]]


def test_a_document_that_nobody_uses_any_more_is_told(made: World, read: list[list[str]]) -> None:
    for name in ("shop-04", "shop-05"):
        (made.root / "signatures" / f"{name}.yaml").unlink()
    assert judged(made, read) == [[]]
    assert "no manifest uses the document `documents/2.png`" in str(made.judge(cached=True))


def test_who_is_contradicted_is_judged_too(made: World, read: list[list[str]]) -> None:
    write(made, "shop-03", "codes")
    assert judged(made, read) == [["shop-03"]], "one word, but the only one"
    write(made, "shop-07", "codes")
    assert judged(made, read) == [["shop-03", "shop-07"]]
    clone(made)
    made.file().unlink()
    made.judge(cached=True)
    write(made, "shop-09", "codes")
    assert judged(made, read) == [["shop-09"], ["shop-03", "shop-07", "shop-09"]]
    write(made, "shop-09", "Codes of shop 9")
    assert judged(made, read) == [], "that was known before"


def test_too_many_changes_have_everything_judged(made: World, read: list[list[str]]) -> None:
    for name in NAMES[:3]:
        write(made, name, f"News for {name}")
    assert judged(made, read) == [NAMES[:3]]
    write(made, NAMES[3], "News for the fourth")
    assert judged(made, read) == [NAMES]


def test_an_error_has_everything_judged(made: World, read: list[list[str]]) -> None:
    write(made, "shop-03", "Order news of shop 3", "suspended: true\n")
    assert judged(made, read) == [["shop-03"], NAMES]
    write(made, "shop-03", "Order news of shop 3", "suspend: true\n")
    assert judged(made, read) == [["shop-03"]]


def test_a_claim_that_somebody_else_has_made_is_an_error(
    made: World, read: list[list[str]]
) -> None:
    text = (made.root / "signatures" / "shop-03.yaml").read_text("utf-8")
    made.write("signatures/other.yaml", text.replace("SIG3", "SIG99").encode())
    assert judged(made, read) == [["other"], ["other", "shop-03"], ["other", *NAMES]]


def test_a_folder_that_leads_elsewhere_has_everything_judged(
    made: World, read: list[list[str]]
) -> None:
    (made.root / "documents").rename(made.root / "papers")
    (made.root / "documents").symlink_to("papers")
    assert judged(made, read) == [NAMES]


def test_a_clone_of_a_changed_repository_is_judged_by_its_change(
    made: World, read: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_MANY", 5)
    clone(made)
    write(made, "shop-03", "Order news of shop 3")
    assert judged(made, read) == [["shop-03"]]
    write(made, "shop-05", "Order news of shop 5")
    with mock.patch.object(contents, "read", side_effect=discover.read) as opened:
        made.judge(cached=True)
    names = [Path(call.args[1]).stem for call in opened.call_args_list]
    assert names == ["shop-05", "shop-03", "shop-05"], "the others are known by their status now"


def test_a_manifest_that_changes_meanwhile_has_everything_judged(
    made: World, read: list[list[str]]
) -> None:
    found = contents.Contents.digests

    def meanwhile(self: contents.Contents) -> Any:
        digests = found(self)
        write(made, "shop-03", "Something else again")
        return digests

    write(made, "shop-03", "Order news of shop 3")
    with mock.patch.object(contents.Contents, "digests", meanwhile):
        assert judged(made, read) == [NAMES]


def test_a_manifest_that_cannot_be_read_has_everything_read(
    made: World, read: list[list[str]]
) -> None:
    def refuse(root: str, path: str, opened: Any = None) -> bytes | Problem:
        problem = mock.Mock(spec=Problem)
        return problem if path.endswith("shop-03.yaml") else before(root, path, opened)

    before = discover.read
    write(made, "shop-03", "Order news of shop 3")
    with mock.patch.object(contents, "read", refuse):
        assert judged(made, read) == [NAMES]


def test_a_manifest_that_vanishes_has_everything_read(made: World, read: list[list[str]]) -> None:
    stat = os.stat

    def refuse(path: Any, *given: Any, **more: Any) -> os.stat_result:
        if str(path).endswith("shop-03.yaml"):
            raise FileNotFoundError(errno.ENOENT, "gone", path)
        return stat(path, *given, **more)

    write(made, "shop-03", "Order news of shop 3")
    with mock.patch("os.stat", refuse):
        made.judge(cached=True)
    assert read[0] == NAMES


def test_a_document_that_changes_meanwhile_leaves_nothing_behind(
    made: World, read: list[list[str]]
) -> None:
    judge = workspace._judge

    def meanwhile(*given: Any, **more: Any) -> Repository:
        made.write("documents/1.png", SMALL)
        return judge(*given, **more)

    write(made, "shop-03", "Order news of shop 3")
    with mock.patch("reconciler.cli.workspace._judge", meanwhile):
        made.judge(cached=True)
    made.write("documents/1.png", SCAN[:-1] + bytes([1]))
    assert judged(made, read) == [["shop-03"]]


@pytest.mark.parametrize("kind", ["desired", "changed", "whole", "contents", "verdict", "tree"])
def test_whatever_half_of_it_is_lost_the_rest_does_not_lie(
    made: World, read: list[list[str]], kind: str
) -> None:
    write(made, "shop-03", "Order news of shop 3")
    made.judge(cached=True)
    with closing(sqlite3.connect(made.file())) as file, file:
        assert file.execute("DELETE FROM entries WHERE kind = ?", [kind]).rowcount > 0
    judged(made, read)
    write(made, "shop-05", "Order news of shop 5")
    judged(made, read)


def test_what_is_desired_can_be_had_in_part(made: World) -> None:
    made.write("reconciler.toml", b'[projects.shop]\nproject = "org-shop"\n')
    write(made, "shop-03", "Order news of shop 3", "project: shop\n")
    made.judge(cached=True)
    write(made, "shop-04", "Order news of shop 4", "project: shop\n")
    made.clock += 60_000_000_000
    where = made.workspace()
    with open_cache(where.root, wanted=True) as cache:
        kept = load_repository(where, cache)
    plain = load_repository(where)
    assert kept.kept is not None
    assert plain.kept is None
    some = {"signatures/shop-03.yaml", "signatures/shop-09.yaml", "signatures/none.yaml"}
    assert [each.project for each in kept.at(some)] == ["org-shop", ""]
    assert kept.at(some) == plain.at(some)
    assert kept.users({"documents/2.png"}) == plain.users({"documents/2.png"})
    assert set(kept.documents()) == set(plain.documents())
    assert kept.desired[1:3] == tuple(plain.desired[1:3])
    assert (len(kept.desired), list(kept.desired)) == (len(plain.desired), list(plain.desired))


def test_where_only_a_tombstone_names_a_document_nobody_looks_for_others(made: World) -> None:
    for name, more in (("shop-02", ""), ("shop-03", "absent: true\n")):
        write(made, name, "Codes of another shop", more)
        path = made.root / "signatures" / f"{name}.yaml"
        text = path.read_text("utf-8").replace("../documents/1.png", "../papers/x.png")
        path.write_text(text, "utf-8")
    made.write("papers/x.png", SCAN)
    made.write("papers/unused.png", SMALL)
    assert "papers/unused.png" in str(made.judge(cached=True))
    (made.root / "signatures" / "shop-02.yaml").unlink()
    found = made.judge(cached=True)
    assert found == made.judge(cached=False) == made.judge(cached=True)
    assert "papers/unused.png" not in str(found)


def test_names_with_line_breaks_are_not_taken_for_two(made: World) -> None:
    made.write("documents/x.png\ndocuments/y.png", SCAN)
    made.judge(cached=True)
    (made.root / "documents" / "x.png\ndocuments" / "y.png").unlink()
    (made.root / "documents" / "x.png\ndocuments").rmdir()
    made.write("documents/x.png", SCAN)
    made.write("documents/y.png", SCAN)
    assert made.judge(cached=True) == made.judge(cached=False)


@pytest.mark.parametrize("is_known", [False, True])
def test_a_link_that_leads_elsewhere_later_is_noticed_whoever_uses_it(
    made: World, is_known: bool
) -> None:
    """A manifest that was judged again, or one that was known."""
    for number in range(6):
        made.write(f"other/{number}.png", SMALL)
    (made.root / "way").symlink_to("documents")
    path = made.root / "signatures" / "shop-03.yaml"
    path.write_text(path.read_text("utf-8").replace("../documents/", "../way/"), "utf-8")
    if is_known:
        made.file().unlink()
    made.judge(cached=True)
    write(made, "shop-05", "Order news of shop 5")
    made.judge(cached=True)
    (made.root / "way").unlink()
    (made.root / "way").symlink_to("other")
    found = made.judge(cached=True)
    assert found == made.judge(cached=False)
    assert "120 x 80" in str(found)


def test_what_was_written_just_now_is_not_known_by_its_status(made: World) -> None:
    def known() -> int:
        with open_cache(made.root, wanted=True) as cache:
            return len(digests.recall(cache))

    assert known() == len(NAMES)
    made.file().unlink()
    with open_cache(made.root, wanted=True) as cache:
        load_repository(made.workspace(), cache)
    assert known() == 0


@pytest.mark.parametrize("rules", ["", '[rules]\nUSMS3 = "off"\n'])
def test_documents_that_nobody_looks_into_are_counted_everywhere(made: World, rules: str) -> None:
    with (
        mock.patch("reconciler.review.available", return_value=False),
        mock.patch("reconciler.inspection.available.available", return_value=False),
    ):
        made.write("reconciler.toml", rules.encode())
        made.judge(cached=True)
        write(made, "shop-03", "Order news of shop 3", "suspend: true\n")
        found = made.judge(cached=True)
        assert found == made.judge(cached=False)
        assert ("6 documents were not looked into" in str(found)) == (not rules)
        (made.root / "signatures" / "shop-02.yaml").unlink()
        found = made.judge(cached=True)
        assert found == made.judge(cached=False)
        assert ("5 documents were not looked into" in str(found)) == (not rules)

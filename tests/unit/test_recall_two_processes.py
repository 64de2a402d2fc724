"""Two processes find the verdict of one, whichever of them has found out what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from unittest import mock

import pytest

from reconciler import two_processes
from reconciler.cli.workspace import _judge
from reconciler.repository import Repository
from reconciler.two_processes import Besides
from tests.unit.recall_world import SCAN, SMALL, World, judge_while_a_file_comes_and_goes, world


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

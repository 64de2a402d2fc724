"""Waiting for reviewers: gentle, patient with faults, and over at the right moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.cli.board import Look
from reconciler.cli.watch import Watch, Watched
from reconciler.errors import (
    HopelessError,
    InterruptError,
    NoAnswerError,
    ReconcilerError,
    StateError,
    UsageError,
)
from reconciler.model import ReviewStatus
from reconciler.plan.board import Health, Row, health
from reconciler.plan.changes import Failure
from reconciler.plan.waiting import Until

FRIDAY = datetime(2026, 11, 20, 3, tzinfo=UTC)  # 11:00 in Beijing
S = ReviewStatus
Seen = dict[str, ReviewStatus]


def row(name: str, status: ReviewStatus, id: str = "SIG1") -> Row:
    return Row(
        name=name,
        id=id,
        content=None,
        status=status,
        health=health(status, suspended=False),
        in_sync=None,
        rejection="名称不规范" if status is S.REJECTED else None,
        submitted_at=None,
        age_hours=None,
    )


class World:
    """What each look shows or raises, one after the other; the last goes on for ever."""

    def __init__(self, *script: Seen | ReconcilerError) -> None:
        self.script = list(script)
        self.now = FRIDAY
        self.asked: list[list[str]] = []
        self.slept: list[float] = []
        self.told: list[str] = []
        self.stops_after: int | None = None
        self.hopeless: frozenset[str] = frozenset()

    def look(self, patterns: Sequence[str]) -> Look:
        self.asked.append(list(patterns))
        shown = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(shown, ReconcilerError):
            raise shown
        rows = tuple(
            row(name, status) for name, status in shown.items() if not patterns or name in patterns
        )
        unread = tuple(self.failure(each.name) for each in rows if each.status is S.UNKNOWN)
        return Look(rows=rows, complete=not unread, unread=unread)

    def failure(self, name: str) -> Failure:
        passing = name not in self.hopeless
        return Failure(name=name, id="SIG1", summary="no answer", passing=passing)

    def sleep(self, seconds: float) -> bool:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        return self.stops_after == len(self.slept)

    def watch(
        self,
        *,
        until: Until = Until.APPROVED,
        limit: float | None = 600,
        only: Sequence[str] = (),
        eager: bool = False,
    ) -> Watched:
        return Watch(
            look=self.look,
            tell=self.told.append,
            clock=lambda: self.now,
            sleep=self.sleep,
            until=until,
            interval=60,
            limit=limit,
            eager=eager,
        ).run(only)


def test_it_ends_when_all_are_approved() -> None:
    world = World({"a": S.PENDING, "b": S.APPROVED}, {"a": S.REVIEWING}, {"a": S.APPROVED})
    watched = world.watch()
    assert watched.code == 0
    assert [(each.name, each.status) for each in watched.rows] == [
        ("a", S.APPROVED),
        ("b", S.APPROVED),
    ]
    assert world.slept == [60, 60]
    assert world.told == ["a SIG1: pending, now reviewing", "a SIG1: reviewing, now approved"]


def test_only_those_that_wait_are_asked_about_again() -> None:
    world = World({"a": S.PENDING, "b[1]": S.PENDING, "c": S.APPROVED}, {"a": S.APPROVED})
    world.watch(limit=60)
    assert world.asked == [[], ["a", "b[[]1]"]]


def test_it_ends_at_once_when_one_is_rejected_and_says_why() -> None:
    world = World({"a": S.PENDING, "b": S.PENDING}, {"a": S.REJECTED, "b": S.PENDING})
    assert world.watch().code == 1
    assert world.told == ["a SIG1: pending, now rejected: 名称不规范"]


def test_it_waits_for_every_decision_when_told_so() -> None:
    world = World({"a": S.REJECTED, "b": S.PENDING}, {"b": S.APPROVED})
    watched = world.watch(until=Until.DECIDED)
    assert (watched.code, len(world.asked)) == (1, 2)
    assert [each.health for each in watched.rows] == [Health.DEGRADED, Health.HEALTHY]


def test_the_time_limit_is_kept_to_the_second_and_told() -> None:
    world = World({"a": S.PENDING})
    assert world.watch(limit=90).code == 4
    assert world.slept == [60, 30]
    assert world.told == ["The time limit is reached."]


def test_without_a_limit_it_goes_on() -> None:
    world = World(*[{"a": S.PENDING}] * 50, {"a": S.APPROVED})
    assert world.watch(limit=None).code == 0
    assert len(world.asked) == 51


@pytest.mark.parametrize(
    "fault",
    [
        HopelessError("nobody there", passing=True),
        NoAnswerError("no answer"),
        StateError("the remote is away"),
    ],
)
def test_a_fault_that_may_pass_is_waited_out_and_told_once(fault: ReconcilerError) -> None:
    world = World({"a": S.PENDING}, fault, fault, {"a": S.PENDING}, fault, {"a": S.APPROVED})
    assert world.watch().code == 0
    assert world.told == [
        f"{fault.summary}. Still waiting.",
        f"{fault.summary}. Still waiting.",
        "a SIG1: pending, now approved",
    ]


def test_a_service_that_is_away_from_the_start_is_waited_for() -> None:
    world = World(HopelessError("nobody there", passing=True), {"a": S.APPROVED})
    assert world.watch().code == 0
    assert world.asked == [[], []]


@pytest.mark.parametrize(
    "fault", [HopelessError("wrong keys"), UsageError("no such name"), StateError("damaged")]
)
def test_a_fault_that_will_not_pass_ends_it(fault: ReconcilerError) -> None:
    with pytest.raises(type(fault)):
        World(fault).watch()


def test_the_first_pauses_are_short_unless_an_interval_was_chosen() -> None:
    world = World({"a": S.PENDING})
    assert world.watch(limit=200, eager=True).code == 4
    assert world.slept == [2, 4, 8, 16, 32, 60, 60, 18]


def test_a_query_that_failed_is_told_once_until_it_passes_and_asked_again() -> None:
    away, there = {"a": S.UNKNOWN}, {"a": S.PENDING}
    world = World(there, away, away, there, away, {"a": S.APPROVED})
    assert world.watch().code == 0
    assert world.told == ["a: no answer. Still waiting.", "a: no answer. Still waiting."]


def test_many_queries_that_fail_are_not_told_one_by_one() -> None:
    names = "abcdefgh"
    world = World(dict.fromkeys(names, S.UNKNOWN), dict.fromkeys(names, S.APPROVED))
    assert world.watch().code == 0
    assert world.told[4:] == ["e: no answer. Still waiting.", "And 3 more could not be read."]


def test_what_nobody_will_ever_know_is_not_waited_for_but_all_else_is() -> None:
    world = World({"a": S.UNKNOWN, "b": S.PENDING}, {"a": S.UNKNOWN, "b": S.APPROVED})
    world.hopeless = frozenset({"a"})
    watched = world.watch(limit=None)
    assert (watched.code, len(world.asked)) == (1, 2)
    assert world.told == ["a: no answer.", "b SIG1: pending, now approved"]


def test_an_interruption_ends_it_with_what_was_seen() -> None:
    world = World({"a": S.PENDING})
    world.stops_after = 1
    watched = world.watch()
    assert (watched.code, len(watched.rows)) == (130, 1)
    asking = World({"a": S.PENDING}, InterruptError("stopped"))
    assert asking.watch().code == 130


def test_two_ids_of_one_signature_are_told_apart() -> None:
    before = row("a", S.PENDING)

    class Twins(World):
        def look(self, patterns: Sequence[str]) -> Look:
            self.asked.append(list(patterns))
            status = S.PENDING if len(self.asked) == 1 else S.APPROVED
            rows = (replace(before, status=status, health=health(status, suspended=False)),)
            return Look(rows=(*rows, row("a", S.APPROVED, "SIG2")), complete=True)

    world = Twins({})
    assert len(world.watch().rows) == 2
    assert world.told == ["a SIG1: pending, now approved"]

"""Waiting for reviewers, as a pipeline does it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.test_main_job import check_against_schema
from tests.integration.world import SECONDS, Ended, World

QUERY = "QueryUSMSSignature"
QUICK = ("status", "--wait", "--interval", "0.1", "--format", "json")


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = make_world(SIG1=("rejected", "甲乙丙丁"), SIG2=("approved", "子丑寅卯"))
    world.manifest("shop", "甲乙丙丁", id="SIG1")
    world.manifest("other", "子丑寅卯", id="SIG2")
    assert world.run("apply", "--yes").code == 0
    return world


@contextmanager
def waiting(world: World, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A wait that has looked at both at least once: it asks about the one that waits again."""
    before = len(world.requests(QUERY))
    with world.start(*QUICK, *words) as process:
        until = time.monotonic() + SECONDS
        while len(world.requests(QUERY)) < before + 3 and time.monotonic() < until:
            time.sleep(0.01)
        yield process


def ended(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate(timeout=SECONDS)
    return Ended(code=process.returncode, out=out, err=err)


def test_it_ends_when_the_last_one_is_approved(world: World) -> None:
    with waiting(world) as process:
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        done = ended(process)
    assert done.code == 0
    check_against_schema(done.json, "status")
    assert {each["status"] for each in done.json["signatures"]} == {"approved"}
    assert "shop SIG1: pending, now approved" in done.err


def test_only_what_waits_is_asked_about_again(world: World) -> None:
    with waiting(world) as process:
        count = len(world.requests(QUERY))
        until = time.monotonic() + SECONDS
        while len(world.requests(QUERY)) < count + 3 and time.monotonic() < until:
            time.sleep(0.01)
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        ended(process)
    assert {each.ids for each in world.requests(QUERY)[count:]} == {("SIG1",)}


def test_it_ends_when_one_is_rejected_and_names_the_rule(world: World) -> None:
    with waiting(world) as process:
        world.sandbox.review("SIG1", ReviewStatus.REJECTED, "营业执照已过期")
        done = ended(process)
    assert done.code == 1
    row = next(each for each in done.json["signatures"] if each["name"] == "shop")
    assert (row["rejection"], row["rules"]) == ("营业执照已过期", ["USMS203"])
    text = world.run("status")
    assert "reconciler explain USMS203" in text.out
    assert "`营业执照已过期` (USMS203)" in world.run("status", "--format", "markdown").out


def test_it_ends_at_the_time_limit(world: World) -> None:
    done = world.run(*QUICK, "--timeout", "0.3")
    assert done.code == 4
    assert "time limit" in done.err
    (row,) = (each for each in done.json["signatures"] if each["name"] == "shop")
    assert (row["status"], row["waited_hours"] is None) == ("pending", False)


def test_one_that_cannot_be_read_is_said_with_the_reason(world: World) -> None:
    """The board has no place for it, and `unknown` alone helps nobody."""
    world.sandbox.add_fault(f"{QUERY}:retcode=18003:1")
    done = world.run("status", "--format", "json")
    assert done.code == 1
    assert done.json["summary"]["Unknown"] == 1
    assert "RetCode 18003, a parameter is invalid" in done.err
    assert world.run("status").err == ""


@pytest.mark.parametrize("fault", ["http503:9", "drop-before:9", "unknown-status:2"])
def test_faults_of_the_service_are_survived(world: World, fault: str) -> None:
    with waiting(world) as process:
        world.sandbox.add_fault(f"{QUERY}:{fault}")
        world.sandbox.review("SIG1", ReviewStatus.APPROVED)
        assert ended(process).code == 0


def test_an_interruption_shows_where_it_stood_and_loses_nothing(world: World) -> None:
    with waiting(world) as process:
        process.send_signal(signal.SIGINT)
        done = ended(process)
    assert done.code == 130
    assert len(done.json["signatures"]) == 2
    world.sandbox.review("SIG1", ReviewStatus.APPROVED)
    assert world.run(*QUICK).code == 0


def test_what_was_never_applied_for_is_not_waited_for(make_world: MakeWorld) -> None:
    world = make_world()
    world.manifest("shop", "甲乙丙丁", description="Login codes")
    done = world.run(*QUICK)
    assert (done.code, done.json["summary"]["Missing"]) == (1, 1)


def test_what_was_seen_is_kept_but_never_over_a_newer_record(world: World) -> None:
    world.sandbox.review("SIG1", ReviewStatus.REVIEWING)
    world.run("status")
    record = json.loads(world.state_files()["SIG1.json"])
    assert record["observation"]["status"] == "reviewing"


@pytest.mark.parametrize(
    "words",
    [
        ("--timeout", "1h"),
        ("--until", "approved"),
        ("--interval", "1s"),
        ("--wait", "--timeout", "soon"),
        ("--wait", "--interval", "0"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, words: tuple[str, ...]) -> None:
    assert world.run("status", *words).code == 64

"""Manners towards a forge: when it is asked again, and how long one run waits for it."""

from __future__ import annotations

import pytest

from reconciler.forge.failures import ForgeError
from tests.integration.fake_forge import Reply
from tests.integration.fake_github import FakeGitHub
from tests.integration.forge_setup import COMMENTS, MARKED, Clock, hub


class TestManners:
    @pytest.mark.parametrize(
        ("reply", "seconds"),
        [
            (Reply(status=429, headers={"Retry-After": "7"}), 7),
            (Reply(status=403, headers={"Retry-After": "7"}), 7),
            (
                Reply(
                    status=403,
                    headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1000040"},
                ),
                41,
            ),
            (Reply(status=403, body={"message": "You exceeded a secondary rate limit"}), 60),
            (Reply(status=503), 1),
            (None, 1),
        ],
    )
    def test_a_question_is_asked_again_when_the_forge_is_ready(
        self, fake: FakeGitHub, clock: Clock, reply: Reply | None, seconds: float
    ) -> None:
        fake.fail("GET", COMMENTS, reply)
        with hub(fake, clock) as forge:
            assert list(forge.comments(1)) == []
        assert clock.slept == [seconds]

    def test_a_write_that_a_limit_refused_is_repeated(self, fake: FakeGitHub, clock: Clock) -> None:
        fake.fail("POST", COMMENTS, Reply(status=429, headers={"Retry-After": "7"}))
        with hub(fake, clock) as forge:
            forge.add_comment(1, MARKED)
        assert clock.slept == [7]
        assert fake.texts(1) == [MARKED]

    def test_nobody_waits_for_an_hour(self, fake: FakeGitHub, clock: Clock) -> None:
        fake.fail("GET", COMMENTS, Reply(status=429, headers={"Retry-After": "3600"}))
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="429") as raised:
            list(forge.comments(1))
        assert clock.slept == []
        assert "3600 seconds" in raised.value.advice

    def test_the_waits_of_one_run_are_bounded_together(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        limit = Reply(status=429, headers={"Retry-After": "120"})
        fake.fail("GET", COMMENTS, limit, times=99)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="429"):
            list(forge.comments(1))
        assert clock.slept == [120, 120]

    def test_tries_are_bounded(self, fake: FakeGitHub, clock: Clock) -> None:
        fake.fail("GET", COMMENTS, Reply(status=500), times=99)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="500"):
            list(forge.comments(1))
        assert clock.slept == [1, 2, 4, 8, 16]

    def test_two_writes_are_a_second_apart(self, fake: FakeGitHub, clock: Clock) -> None:
        with hub(fake, clock) as forge:
            forge.add_comment(1, "one")
            clock.now += 0.25
            forge.add_comment(1, "two")
        assert clock.slept == [0.75]

    def test_forbidden_is_said_at_once_with_what_the_token_needs(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        reply = Reply(status=403, body={"message": "Resource not accessible by integration"})
        fake.fail("POST", COMMENTS, reply)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="not accessible") as raised:
            forge.add_comment(1, MARKED)
        assert "right to write" in raised.value.advice
        assert clock.slept == []

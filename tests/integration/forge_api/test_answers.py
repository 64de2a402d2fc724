"""What a forge answers is believed in its right shape alone, and leads nowhere else."""

from __future__ import annotations

import pytest

from reconciler.forge.failures import ForgeError
from reconciler.forge.values import Access
from tests.integration.fake_forge import Reply
from tests.integration.fake_github import REPOSITORY, FakeGitHub
from tests.integration.forge_setup import COMMENTS, Clock, hub


class TestAnswers:
    @pytest.mark.parametrize(
        "reply",
        [
            Reply(raw=b"<html>"),
            Reply(raw=b"[" * 100_000),
            Reply(body={"a": "mapping"}),
            Reply(body=["text"]),
            Reply(body=[{"body": "text"}]),
            Reply(body=[{"id": 1, "user": 7}]),
        ],
    )
    def test_an_answer_of_another_shape_is_a_clear_error(
        self, fake: FakeGitHub, clock: Clock, reply: Reply
    ) -> None:
        fake.fail("GET", COMMENTS, reply)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="the forge's answer"):
            list(forge.comments(1))

    def test_the_token_never_follows_a_page_that_leads_elsewhere(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        headers = {"Link": '<https://elsewhere.example/2>; rel="next"'}
        fake.fail("GET", COMMENTS, Reply(body=[], headers=headers))
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="elsewhere"):
            list(forge.comments(1))

    def test_pages_without_an_end_are_given_up(self, fake: FakeGitHub, clock: Clock) -> None:
        headers = {"Link": f'<{fake.url}/repos/{REPOSITORY}/issues/1/comments>; rel="next"'}
        fake.fail("GET", COMMENTS, Reply(body=[], headers=headers), times=2_000)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="pages"):
            list(forge.comments(1))

    def test_a_redirection_is_not_followed(self, fake: FakeGitHub, clock: Clock) -> None:
        reply = Reply(status=301, headers={"Location": fake.url}, body={"message": "Moved"})
        fake.fail("GET", COMMENTS, reply)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="301: Moved") as raised:
            list(forge.comments(1))
        assert "has moved" in raised.value.advice

    def test_a_wrong_token_is_said_and_not_shown(self, fake: FakeGitHub, clock: Clock) -> None:
        with (
            hub(fake, clock, token="wrong-token") as forge,
            pytest.raises(ForgeError, match="401: Bad credentials") as raised,
        ):
            list(forge.comments(1))
        assert "wrong-token" not in f"{raised.value!r}{raised.value.summary}{raised.value.advice}"
        assert "wrong-token" not in repr(Access(url="", project="", token="wrong-token"))

    def test_words_of_the_forge_are_shown_on_one_line(self, fake: FakeGitHub, clock: Clock) -> None:
        reply = Reply(status=422, body={"message": "first\x1b[31m\nsecond" + "x" * 1_000})
        fake.fail("GET", COMMENTS, reply)
        with hub(fake, clock) as forge, pytest.raises(ForgeError) as raised:
            list(forge.comments(1))
        assert r"first\x1b[31m second" in raised.value.summary
        assert len(raised.value.summary) < 500

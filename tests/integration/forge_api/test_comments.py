"""One comment for each target of a pull request: found again, edited, and never doubled."""

from __future__ import annotations

import pytest

from reconciler.forge.failures import ForgeError
from reconciler.forge.marker import compose
from reconciler.forge.sticky import Written, stick
from tests.integration.fake_forge import Reply
from tests.integration.fake_github import ACTIONS, FakeGitHub
from tests.integration.forge_setup import COMMENTS, MARKED, Clock, hub


class TestSticky:
    def test_the_first_time_it_is_created_and_then_edited(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        with hub(fake, clock) as forge:
            author = forge.author()
            first = stick(forge, 1, "plan", MARKED, author=author)
            same = stick(forge, 1, "plan", MARKED, author=author)
            changed = stick(forge, 1, "plan", f"{MARKED}!", author=author)
        assert [first.written, same.written, changed.written] == [
            Written.CREATED,
            Written.UNCHANGED,
            Written.UPDATED,
        ]
        assert fake.texts(1) == [f"{MARKED}!"]
        assert changed.comment.url.endswith(f"issuecomment-{first.comment.id}")

    def test_each_target_has_its_own(self, fake: FakeGitHub, clock: Clock) -> None:
        other = compose("apply", "done", noted=None, longest=1_000)
        with hub(fake, clock) as forge:
            stick(forge, 1, "plan", MARKED, author=ACTIONS)
            stick(forge, 1, "apply", other, author=ACTIONS)
            stick(forge, 1, "apply", other, author=ACTIONS)
        assert fake.texts(1) == [MARKED, other]

    def test_every_page_is_searched(self, fake: FakeGitHub, clock: Clock) -> None:
        for number in range(250):
            fake.say(1, "somebody", f"comment {number}")
        fake.say(1, ACTIONS, MARKED)
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.UNCHANGED
        assert fake.count("GET", COMMENTS) == 3

    def test_every_page_is_searched_where_a_proxy_takes_the_way_to_the_next(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        fake.says_where_the_next_page_is = False
        for number in range(200):
            fake.say(1, "somebody", f"comment {number}")
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.CREATED
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.UNCHANGED
        assert fake.count("GET", COMMENTS) == 6

    @pytest.mark.parametrize("author", ["somebody", None, f"not-{ACTIONS}"])
    def test_a_marker_by_anybody_else_counts_for_nothing(
        self, fake: FakeGitHub, clock: Clock, author: str | None
    ) -> None:
        fake.say(1, author, MARKED)
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.CREATED

    def test_a_comment_of_our_own_without_the_marker_is_left_alone(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        fake.say(1, ACTIONS, f"another workflow quotes\n{MARKED}")
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.CREATED

    @pytest.mark.parametrize("reply", [None, Reply(status=502, raw=b"<html>bad gateway</html>")])
    def test_a_comment_that_may_have_been_made_is_looked_for_before_another_is(
        self, fake: FakeGitHub, clock: Clock, reply: Reply | None
    ) -> None:
        fake.fail("POST", COMMENTS, reply, carried_out=True)
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.UNCHANGED
        assert fake.texts(1) == [MARKED]
        assert fake.count("POST", COMMENTS) == 1

    def test_a_forge_that_asks_to_wait_is_given_time_before_it_is_looked_for(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        fake.fail("POST", COMMENTS, Reply(status=503, headers={"Retry-After": "9"}))
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.CREATED
        assert clock.slept[0] == 9
        assert fake.texts(1) == [MARKED]

    def test_a_comment_that_was_not_made_is_made(self, fake: FakeGitHub, clock: Clock) -> None:
        fake.fail("POST", COMMENTS, None)
        with hub(fake, clock) as forge:
            assert stick(forge, 1, "plan", MARKED, author=ACTIONS).written is Written.CREATED
        assert fake.texts(1) == [MARKED]

    def test_a_forge_that_never_answers_ends_it(self, fake: FakeGitHub, clock: Clock) -> None:
        fake.fail("POST", COMMENTS, None, times=99)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="no answer"):
            stick(forge, 1, "plan", MARKED, author=ACTIONS)
        assert fake.count("POST", COMMENTS) == 3

    def test_a_pull_request_that_is_not_there_is_named(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="404: Not Found") as raised:
            stick(forge, 99, "plan", MARKED, author=ACTIONS)
        assert "the number" in raised.value.advice

"""One issue is open while something is wrong, and closed after."""

from __future__ import annotations

import pytest

from reconciler.forge import tracker
from reconciler.forge.failures import ForgeError
from reconciler.forge.marker import compose
from reconciler.forge.sticky import Written
from tests.integration.fake_github import ACTIONS, FakeGitHub
from tests.integration.forge_setup import Clock, hub


class TestIssue:
    def test_one_is_open_while_something_is_wrong_and_closed_after(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        body = compose("drift", "one rejected", noted=None, longest=1_000)
        more = compose("drift", "two rejected", noted=None, longest=1_000)
        with hub(fake, clock) as forge:
            done = [
                tracker.close(forge, "drift", title="t", body=body, author=ACTIONS),
                tracker.report(forge, "drift", title="t", body=body, author=ACTIONS),
                tracker.report(forge, "drift", title="t", body=body, author=ACTIONS),
                tracker.report(forge, "drift", title="t", body=more, author=ACTIONS),
                tracker.close(forge, "drift", title="t", body=body, author=ACTIONS),
                tracker.report(forge, "drift", title="t", body=body, author=ACTIONS),
            ]
        assert [each.written.value for each in done] == [
            "nothing to do",
            "created",
            "unchanged",
            "updated",
            "closed",
            "created",
        ]
        assert [issue["state"] for issue in fake.issues] == ["closed", "open"]

    def test_somebody_else_s_issue_and_pull_requests_are_left_alone(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        body = compose("drift", "one rejected", noted=None, longest=1_000)
        foreign = {"title": "t", "body": body, "state": "open", "html_url": ""}
        fake.issues.append({**foreign, "number": 50, "user": {"login": "somebody"}})
        with hub(fake, clock) as forge:
            found = tracker.report(forge, "drift", title="t", body=body, author=ACTIONS)
        assert found.written is Written.CREATED

    def test_an_issue_that_may_have_been_opened_is_looked_for_first(
        self, fake: FakeGitHub, clock: Clock
    ) -> None:
        body = compose("drift", "one rejected", noted=None, longest=1_000)
        fake.fail("POST", r"/issues$", None, carried_out=True)
        with hub(fake, clock) as forge:
            tracker.report(forge, "drift", title="t", body=body, author=ACTIONS)
        assert len(fake.issues) == 1

    def test_a_forge_that_never_answers_ends_it(self, fake: FakeGitHub, clock: Clock) -> None:
        fake.fail("POST", r"/issues$", None, times=99)
        with hub(fake, clock) as forge, pytest.raises(ForgeError, match="no answer"):
            tracker.report(forge, "drift", title="t", body="x", author=ACTIONS)

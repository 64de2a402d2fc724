"""The plan that was reviewed: the one in our own comment on what was merged, or none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.errors import RefusedError
from reconciler.forge.marker import Noted, compose
from reconciler.forge.reviewed import reviewed
from tests.integration.fake_github import ACTIONS, FakeGitHub
from tests.integration.forge_setup import MARKED, NOTED, Clock, hub


class TestReviewed:
    COMMIT = "c" * 40

    @pytest.fixture
    def merged(self, fake: FakeGitHub) -> FakeGitHub:
        fake.pulls[0]["merged_at"] = "2026-11-22T09:00:00Z"
        fake.commits[self.COMMIT] = [1]
        return fake

    def find(self, fake: FakeGitHub, clock: Clock, branch: str | None = "main") -> str:
        with hub(fake, clock) as forge:
            found = reviewed(forge, self.COMMIT, "plan", branch=branch, author=ACTIONS)
        return found.fingerprint

    def test_the_fingerprint_is_the_one_in_our_own_comment(
        self, merged: FakeGitHub, clock: Clock
    ) -> None:
        forged = Noted(fingerprint="0" * 64, head="a" * 40)
        merged.say(1, "somebody", compose("plan", "x", noted=forged, longest=1_000))
        merged.say(1, ACTIONS, compose("plan", "x", noted=NOTED, longest=1_000))
        assert self.find(merged, clock) == NOTED.fingerprint
        assert self.find(merged, clock, branch=None) == NOTED.fingerprint

    def test_the_last_of_several_pull_requests_counts(
        self, merged: FakeGitHub, clock: Clock
    ) -> None:
        number = merged.pull("a" * 40)
        merged.pulls[-1]["merged_at"] = "2026-11-22T09:00:00Z"
        merged.commits[self.COMMIT].append(number)
        merged.say(number, ACTIONS, compose("plan", "x", noted=NOTED, longest=1_000))
        assert self.find(merged, clock) == NOTED.fingerprint

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda fake: fake.commits.clear(), "not merged from a reviewed change"),
            (lambda fake: fake.pulls[0].update(merged_at=None), "not merged"),
            (lambda fake: fake.pulls[0].update(base={"ref": "other"}), "not merged"),
            (lambda fake: fake.comments.clear(), "has no plan by github-actions"),
            (lambda fake: fake.pulls[0].update(head={"sha": "b" * 40}), "bbbb was merged"),
            (lambda fake: fake.comments[1][0].update(body=MARKED), "has no plan"),
        ],
    )
    def test_anything_else_is_refused(
        self,
        merged: FakeGitHub,
        clock: Clock,
        spoil: Callable[[FakeGitHub], None],
        words: str,
    ) -> None:
        merged.say(1, ACTIONS, compose("plan", "x", noted=NOTED, longest=1_000))
        spoil(merged)
        with pytest.raises(RefusedError, match=words) as raised:
            self.find(merged, clock)
        assert "--fingerprint" in raised.value.advice

"""Who writes with a token, as the forge says it."""

from __future__ import annotations

import pytest

from reconciler.forge.failures import ForgeError
from tests.integration.fake_forge import Reply
from tests.integration.fake_github import ACTIONS, FakeGitHub
from tests.integration.fake_gitlab import FakeGitLab
from tests.integration.forge_setup import Clock, hub, lab


class TestWhoWrites:
    def test_a_person_s_token_is_theirs(self, clock: Clock) -> None:
        with FakeGitHub(user="somebody") as fake, hub(fake, clock) as forge:
            assert forge.author() == "somebody"

    def test_a_workflow_s_own_token_may_not_ask(self, fake: FakeGitHub, clock: Clock) -> None:
        with hub(fake, clock) as forge:
            assert forge.author() == ACTIONS

    @pytest.mark.parametrize("body", [{}, [], None, {"name": "x"}])
    def test_an_answer_that_names_nobody_is_a_clear_error(
        self, fake: FakeGitHub, lab_fake: FakeGitLab, clock: Clock, body: object
    ) -> None:
        for server, opened in ((fake, hub), (lab_fake, lab)):
            server.fail("GET", "/user", Reply(body=body))
            with opened(server, clock) as forge, pytest.raises(ForgeError, match="answer is not"):
                forge.author()

    def test_another_failure_is_not_taken_for_that(self, fake: FakeGitHub, clock: Clock) -> None:
        with hub(fake, clock, token="wrong") as forge, pytest.raises(ForgeError, match="401"):
            forge.author()

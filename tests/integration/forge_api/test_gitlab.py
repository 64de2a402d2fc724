"""GitLab over real sockets: one note a target, one issue, and the plan that was reviewed."""

from __future__ import annotations

from reconciler.forge import tracker
from reconciler.forge.marker import compose
from reconciler.forge.reviewed import reviewed
from reconciler.forge.sticky import Written, stick
from tests.integration.fake_forge import Reply
from tests.integration.fake_gitlab import BOT, FakeGitLab
from tests.integration.forge_setup import MARKED, NOTED, Clock, lab

NOTES = r"/notes$"


class TestGitLab:
    def test_one_note_a_target(self, lab_fake: FakeGitLab, clock: Clock) -> None:
        lab_fake.say(5, BOT, MARKED, system=True)
        lab_fake.say(5, "somebody", MARKED)
        with lab(lab_fake, clock) as forge:
            author = forge.author()
            first = stick(forge, 5, "plan", MARKED, author=author)
            same = stick(forge, 5, "plan", MARKED, author=author)
            changed = stick(forge, 5, "plan", f"{MARKED}!", author=author)
        assert author == BOT
        assert [first.written, same.written, changed.written] == [
            Written.CREATED,
            Written.UNCHANGED,
            Written.UPDATED,
        ]
        assert len(lab_fake.texts(5)) == 3

    def test_every_page_is_searched(self, lab_fake: FakeGitLab, clock: Clock) -> None:
        for number in range(120):
            lab_fake.say(5, "somebody", f"note {number}")
        lab_fake.say(5, BOT, MARKED)
        with lab(lab_fake, clock) as forge:
            assert stick(forge, 5, "plan", MARKED, author=BOT).written is Written.UNCHANGED
        assert lab_fake.count("GET", NOTES) == 2

    def test_a_limit_is_waited_for(self, lab_fake: FakeGitLab, clock: Clock) -> None:
        lab_fake.fail("POST", NOTES, Reply(status=429, headers={"Retry-After": "9"}))
        with lab(lab_fake, clock) as forge:
            stick(forge, 5, "plan", MARKED, author=BOT)
        assert clock.slept == [9]

    def test_one_issue(self, lab_fake: FakeGitLab, clock: Clock) -> None:
        body = compose("drift", "one rejected", noted=None, longest=1_000)
        more = compose("drift", "two rejected", noted=None, longest=1_000)
        with lab(lab_fake, clock) as forge:
            for text in (body, body, more):
                tracker.report(forge, "drift", title="t", body=text, author=BOT)
            assert [each["description"] for each in lab_fake.issues] == [more.strip()]
            tracker.close(forge, "drift", title="t", body=body, author=BOT)
        assert [each["state"] for each in lab_fake.issues] == ["closed"]

    def test_the_reviewed_plan_of_a_merge_request_is_found(
        self, lab_fake: FakeGitLab, clock: Clock
    ) -> None:
        lab_fake.requests.append(
            {"iid": 5, "sha": "a" * 40, "state": "merged", "target_branch": "main", "web_url": ""}
        )
        lab_fake.commits["c" * 40] = [5]
        lab_fake.say(5, BOT, compose("plan", "x", noted=NOTED, longest=1_000))
        with lab(lab_fake, clock) as forge:
            found = reviewed(forge, "c" * 40, "plan", branch="main", author=BOT)
        assert (found.change.number, found.fingerprint) == (5, NOTED.fingerprint)

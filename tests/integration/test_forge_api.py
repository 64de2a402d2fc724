"""Both forges over real sockets: pages, retries, manners, and whom to believe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from reconciler.errors import RefusedError
from reconciler.forge import github, gitlab, tracker
from reconciler.forge.api import Api
from reconciler.forge.failures import ForgeError
from reconciler.forge.marker import Noted, compose
from reconciler.forge.port import Forge
from reconciler.forge.reviewed import reviewed
from reconciler.forge.sticky import Written, stick
from reconciler.forge.values import Access
from tests.integration.fake_forge import TOKEN, FakeForge, Reply
from tests.integration.fake_github import ACTIONS, REPOSITORY, FakeGitHub
from tests.integration.fake_gitlab import BOT, PROJECT, FakeGitLab

MARKED = compose("plan", "the plan", noted=None, longest=1_000)
NOTED = Noted(fingerprint="f" * 64, head="a" * 40)
COMMENTS = r"/issues/\d+/comments$"
NOTES = r"/notes$"


@dataclass(slots=True)
class Clock:
    """Time passes by sleeping alone."""

    now: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@contextmanager
def hub(fake: FakeForge, clock: Clock, *, token: str = TOKEN) -> Iterator[Forge]:
    access = Access(url=fake.url, project=REPOSITORY, token=token)
    with Api(access, github.headers(access), sleep=clock.sleep, clock=clock) as api:
        yield github.GitHub(api, access)


@contextmanager
def lab(fake: FakeForge, clock: Clock) -> Iterator[Forge]:
    access = Access(url=fake.url, project=PROJECT, token=TOKEN)
    with Api(access, gitlab.headers(access), sleep=clock.sleep, clock=clock) as api:
        yield gitlab.GitLab(api, access)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with FakeGitHub() as server:
        server.pull("a" * 40)
        yield server


@pytest.fixture
def lab_fake() -> Iterator[FakeGitLab]:
    with FakeGitLab() as server:
        yield server


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

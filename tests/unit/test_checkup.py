"""What the doctor makes of what it finds, check by check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reconciler import checkup
from reconciler.checkup import Level, Listed
from reconciler.gateway.answers import Answer
from reconciler.gateway.setback import Setback

ANSWER = Answer(data={}, request_uuid=None)
UNREACHED = Setback(
    summary="host: connection refused",
    advice="Check it.",
    accepted=False,
    again=True,
    unreached=True,
)
WRONG_KEYS = Setback(
    summary="RetCode 171, the signing is wrong",
    advice="Check the keys.",
    accepted=False,
    again=False,
    hopeless=True,
    status=200,
    code=171,
)
THROTTLED = Setback(
    summary="RetCode 153, too many requests",
    advice="Try again later.",
    accepted=False,
    again=True,
    throttled=True,
    status=200,
    code=153,
)
NOT_THE_SERVICE = Setback(summary="HTTP 503", accepted=None, again=True, status=503)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MAIN = Listed(id="org-1", name="Main", is_default=True)
OTHER = Listed(id="org-2", name="Other", is_default=False)


class TestTheConnection:
    def test_to_a_service_that_answers_is_well(self) -> None:
        found = checkup.connection("https://api.example", ANSWER, 0.0354)
        assert found.level is Level.OK
        assert found.summary == "https://api.example answers, in 35 ms"

    def test_to_nobody_is_told_with_what_to_do(self) -> None:
        found = checkup.connection("https://api.example", UNREACHED, 0.01)
        assert (found.level, found.summary, found.advice) == (
            Level.ERROR,
            "host: connection refused",
            "Check it.",
        )

    def test_to_somebody_else_is_told(self) -> None:
        found = checkup.connection("https://api.example", NOT_THE_SERVICE, 0.01)
        assert (found.level, found.summary) == (
            Level.ERROR,
            "https://api.example does not answer as the service: HTTP 503",
        )

    @pytest.mark.parametrize("outcome", [WRONG_KEYS, THROTTLED])
    def test_to_somebody_who_refuses_is_well(self, outcome: Setback) -> None:
        assert checkup.connection("https://api.example", outcome, 0.01).level is Level.OK


class TestTls:
    def test_is_well_where_somebody_answers_over_it(self) -> None:
        assert checkup.tls("https://api.example").level is Level.OK

    @pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost:80", "[::1]:80"])
    def test_is_not_needed_on_this_machine(self, host: str) -> None:
        assert checkup.tls(f"http://{host}").level is Level.OK

    @pytest.mark.parametrize("host", ["api.service.ucloud.cn", "10.0.0.1"])
    def test_that_is_not_used_is_worth_a_look(self, host: str) -> None:
        found = checkup.tls(f"http://{host}")
        assert (found.level, "VPC" in found.advice) == (Level.WARNING, True)


class TestTheProxy:
    def test_is_none(self) -> None:
        assert checkup.proxy("https://api.example", {}).summary == "none"
        assert checkup.proxy("https://api.example", {"http": "http://p:1"}).summary == "none"

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("http://user:pa55word@proxy.example:3128", "proxy.example:3128"),
            ("proxy.example", "proxy.example"),
            ("http://", "an address that cannot be read"),
        ],
    )
    def test_is_shown_without_its_password(self, address: str, shown: str) -> None:
        found = checkup.proxy("https://api.example", {"https": address})
        assert found.summary == f"requests go through {shown}"

    def test_for_everything_counts(self) -> None:
        found = checkup.proxy("https://api.example", {"all": "http://proxy.example:1"})
        assert "proxy.example:1" in found.summary


class TestTheClock:
    @pytest.mark.parametrize(
        ("seconds", "level"), [(0, "ok"), (60, "ok"), (-59, "ok"), (61, "warning")]
    )
    def test_may_be_a_minute_off(self, seconds: int, level: str) -> None:
        found = checkup.clock(NOW, NOW + timedelta(seconds=seconds))
        assert found.level.value == level

    @pytest.mark.parametrize(
        ("seconds", "words"), [(300, "300 s ahead of"), (-300, "300 s behind")]
    )
    def test_says_which_way_it_is_wrong(self, seconds: int, words: str) -> None:
        assert words in checkup.clock(NOW, NOW + timedelta(seconds=seconds)).summary

    def test_cannot_be_compared_with_a_service_that_does_not_say(self) -> None:
        assert checkup.clock(None, NOW).level is Level.OK


class TestTheCredentials:
    def test_that_the_service_takes_are_told_by_their_source(self) -> None:
        found = checkup.account(ANSWER, "environment")
        assert (found.level, found.summary) == (
            Level.OK,
            "from environment; the service takes them",
        )

    def test_that_it_refuses_are_an_error(self) -> None:
        found = checkup.account(WRONG_KEYS, "environment")
        assert (found.level, found.advice) == (Level.ERROR, "Check the keys.")

    @pytest.mark.parametrize("outcome", [UNREACHED, NOT_THE_SERVICE])
    def test_that_nobody_could_ask_about_stay_open(self, outcome: Setback) -> None:
        assert checkup.account(outcome, "environment").level is Level.WARNING

    def test_are_not_to_blame_for_a_service_that_is_busy(self) -> None:
        found = checkup.account(THROTTLED, "environment")
        assert (found.level, found.advice) == (Level.WARNING, "Try again later.")
        assert "RetCode 153" in found.summary


class TestTheProject:
    def test_that_the_keys_can_use_is_well(self) -> None:
        assert checkup.project(["org-1"], [MAIN, OTHER]).summary == "org-1: these keys can use it"
        assert checkup.project(["org-1", "org-2"], [MAIN, OTHER]).summary.endswith("use them")

    def test_that_is_not_configured_gets_the_list_to_choose_from(self) -> None:
        found = checkup.project([], [MAIN, OTHER])
        assert found.level is Level.ERROR
        assert "org-1 (Main, the default), org-2 (Other)" in found.summary
        assert "UCLOUD_PROJECT_ID" in found.advice

    def test_that_the_keys_cannot_use_is_named(self) -> None:
        found = checkup.project(["org-1", "org-9"], [MAIN])
        assert (found.level, "cannot use org-9;" in found.summary) == (Level.ERROR, True)

    def test_without_any_at_all_is_the_owners_business(self) -> None:
        assert "no project" in checkup.project(["org-1"], []).summary

    def test_a_long_list_is_cut(self) -> None:
        many = [Listed(id=f"org-{n}", name="x", is_default=False) for n in range(25)]
        assert checkup.project([], many).summary.endswith(", and 5 more")


def test_the_summary_names_every_level() -> None:
    findings = [checkup.ok("a", "x"), checkup.ok("b", "x"), checkup.error("c", "x")]
    assert checkup.summarise(findings) == {"ok": 2, "warning": 0, "error": 1}

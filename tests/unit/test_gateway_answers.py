"""What an answer says: done, refused, hopeless, worth another try, or nothing usable."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import HopelessError, NoAnswerError, RejectedRequestError
from reconciler.gateway import codes
from reconciler.gateway.answers import MOST_BYTES, Answer, Reply, judge, retry_after
from reconciler.gateway.setback import Setback

UUID = "5d0c7e2a-6f0e-4b1c-9b1e-0d3f5a8c2b11"


def judged(data: object, *, status: int = 200, wait: float = 0.0) -> Answer | Setback:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return judge(Reply(status=status, content=content, request_uuid=UUID, retry_after=wait))


def setback(data: object, *, status: int = 200) -> Setback:
    outcome = judged(data, status=status)
    assert isinstance(outcome, Setback)
    return outcome


def test_ret_code_0_is_done_and_gives_the_whole_object() -> None:
    data = {"RetCode": 0, "Action": "QueryUSMSSignatureResponse", "Message": "", "Data": {}}
    assert judged(data) == Answer(data=data, request_uuid=UUID)


@pytest.mark.parametrize("code", [110, 130, 150, 151, 153, 200, 18004, 18007])
def test_codes_the_reference_calls_worth_another_try(code: int) -> None:
    found = setback({"RetCode": code, "Message": "later"})
    assert found.again
    assert found.throttled is (code == 153)
    assert isinstance(found.error("Act", doubt=False), NoAnswerError)


@pytest.mark.parametrize("code", [*range(160, 175), 180, *range(290, 300)])
def test_codes_that_every_request_would_get_are_hopeless(code: int) -> None:
    found = setback({"RetCode": code})
    assert not found.again
    assert found.accepted is False
    error = found.error("Act", doubt=False)
    assert isinstance(error, HopelessError)
    assert error.advice


HANDLED = {110, 130, 150, 151, 153, 200, 18004, 18007, 0, 180, *range(160, 175), *range(290, 300)}


@given(st.integers().filter(lambda code: code not in HANDLED))
def test_every_other_code_belongs_to_the_one_request(code: int) -> None:
    found = setback({"RetCode": code, "Message": "no"})
    error = found.error("Act", doubt=False)
    assert isinstance(error, RejectedRequestError)
    assert error.code == code
    assert error.accepted is False
    assert error.request_uuid == UUID
    assert error.summary.startswith(f"Act: RetCode {code}, ")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("data", [b"<html>Bad Gateway</html>", {"RetCode": 0}, {"RetCode": 18003}])
def test_statuses_the_reference_calls_worth_another_try(status: int, data: object) -> None:
    found = setback(data, status=status)
    assert found.again
    assert found.throttled is (status == 429)
    assert str(status) in found.summary
    assert isinstance(found.error("Act", doubt=True), NoAnswerError)


def test_a_hopeless_code_stays_hopeless_beside_a_busy_status() -> None:
    assert setback({"RetCode": 171}, status=503).hopeless


@pytest.mark.parametrize(
    ("data", "status", "accepted"),
    [
        ({"RetCode": 153}, 200, False),
        (b"slow down", 429, False),
        ({"RetCode": 18003}, 200, False),
        ({"RetCode": 171}, 200, False),
        (b"not found", 404, False),
        ({"RetCode": 110}, 200, None),
        ({"RetCode": 150}, 200, None),
        (b"oops", 500, None),
        (b"oops", 503, None),
        (b"moved", 302, None),
        (b"garbage", 200, None),
        ({"RetCode": "0"}, 200, None),
    ],
)
def test_no_effect_is_claimed_only_where_it_is_certain(
    data: object, status: int, accepted: bool | None
) -> None:
    assert setback(data, status=status).accepted is accepted


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not JSON: empty"),
        (b"<html>", "is not JSON: “<html>”"),
        (b'{"RetCode": 0', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"RetCode": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b'"\xff\xfe\xfa"', "is not JSON"),
        (b"[]", "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b"{}", "has no RetCode"),
        (b'{"RetCode": true}', "has no RetCode"),
        (b'{"RetCode": "0"}', "has no RetCode"),
        (b'{"RetCode": 0.0}', "has no RetCode"),
        (b" " * (MOST_BYTES + 1), f"is longer than {MOST_BYTES} bytes"),
    ],
)
def test_an_unusable_answer_says_why_and_is_not_tried_again(content: bytes, why: str) -> None:
    found = setback(content)
    assert why in found.summary
    assert UUID in found.summary
    assert "HTTP 200" in found.summary
    assert len(found.summary) < 500
    assert not found.again


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_whatever_make_it_fail(content: bytes, status: int) -> None:
    outcome = judged(content, status=status)
    assert isinstance(outcome, Setback)
    assert outcome.summary.isprintable()


def test_a_redirect_is_named_and_not_followed() -> None:
    reply = Reply(status=301, content=b"", location="https://elsewhere.example/\x1b[31m")
    found = judge(reply)
    assert isinstance(found, Setback)
    assert "HTTP 301, a redirect to https://elsewhere.example/\\x1b[31m" in found.summary
    assert not found.again


def test_doubt_about_any_try_is_doubt_about_the_call() -> None:
    found = setback({"RetCode": 18003})
    assert found.error("Act", doubt=True).accepted is None
    assert found.error("Act", doubt=False).accepted is False


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (161, "UCLOUD_API_BASE_URL"),
        (171, "UCLOUD_PRIVATE_KEY"),
        (172, "UCLOUD_PUBLIC_KEY"),
        (173, "restricted"),
        (174, "token"),
        (180, "endpoint"),
        (290, "project"),
        (291, "permit"),
        (292, "project"),
        (294, "IP address"),
        (295, "security lock"),
        (299, "permit"),
        (297, "console"),
    ],
)
def test_a_hopeless_code_says_what_to_check(code: int, words: str) -> None:
    assert words in codes.what_to_check(code)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 2026 07:28:30", 0.0),
        ("soon", 0.0),
        ("-7", 0.0),
        ("٣", 0.0),
        ("", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_beside_the_answers_own(
    header: str | None, seconds: float
) -> None:
    assert retry_after(header, "Wed, 21 Oct 2026 07:28:00 GMT") == seconds


def test_a_date_to_wait_for_means_nothing_without_the_answers_own() -> None:
    assert retry_after("Wed, 21 Oct 2026 07:28:30 GMT", None) == 0.0

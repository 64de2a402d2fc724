"""How faults are asked for, and what each leaves of a request and its answer."""

from __future__ import annotations

import json

import pytest

from reconciler.errors import UsageError
from reconciler.model import ReviewStatus
from reconciler.sandbox.codes import ACTIONS
from reconciler.sandbox.faults import FORGETTING, Fault, FaultBox, FaultKind, parse_fault
from tests.unit.sandbox_calls import UPDATE, encoded, query, service, signed, update

UPDATING = "UpdateUSMSSignature"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("*:hang", Fault(action="*", kind=FaultKind.HANG)),
        (f"{UPDATING}:throttle:2", Fault(action=UPDATING, kind=FaultKind.THROTTLE, times=2)),
        (f"{UPDATING}:cut:always", Fault(action=UPDATING, kind=FaultKind.CUT, times=None)),
        ("*:retcode=130", Fault(action="*", kind=FaultKind.RETCODE, code=130)),
        ("*:retcode=171:3", Fault(action="*", kind=FaultKind.RETCODE, code=171, times=3)),
        ("*:empty-data", Fault(action="*", kind=FaultKind.EMPTY_DATA)),
        (
            "QueryUSMSSignature:unknown-status",
            Fault(action="QueryUSMSSignature", kind=FaultKind.UNKNOWN_STATUS),
        ),
    ],
)
def test_a_fault_reads_action_kind_times(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "ACTION:KIND"),
        ("throttle", "ACTION:KIND"),
        ("*:throttle:1:1", "ACTION:KIND"),
        ("*:retcode=0", "ACTION:KIND"),
        ("*:retcode=x", "ACTION:KIND"),
        ("update:throttle", "no action"),
        ("*:explode", "no kind"),
        ("*:retcode", "retcode=150"),
        ("*:throttle=3", "retcode=150"),
        (f"{UPDATING}:empty-data", "QueryUSMSSignature alone"),
        ("*:hang:0", "from 1, or always"),
        ("*:hang:-1", "from 1, or always"),
        ("*:hang:often", "from 1, or always"),
    ],
)
def test_a_wrong_fault_is_explained_and_all_kinds_are_listed(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_fault(text)
    assert repr(text) in caught.value.summary
    assert hint in caught.value.summary
    assert all(kind in caught.value.advice for kind in FaultKind)


def test_a_wrong_action_is_answered_with_all_actions() -> None:
    with pytest.raises(UsageError) as caught:
        parse_fault("update:throttle")
    assert all(action in caught.value.summary for action in ACTIONS)


def test_a_fault_happens_as_often_as_asked_and_the_oldest_first() -> None:
    box = FaultBox()
    for text in (f"{UPDATING}:throttle:2", "*:hang", f"{UPDATING}:cut:always"):
        box.add(parse_fault(text))
    met = [box.take(action) for action in (UPDATING, "GetProjectList", *[UPDATING] * 4, "other")]
    assert [fault and fault.kind.value for fault in met] == [
        "throttle",
        "hang",
        "throttle",
        "cut",
        "cut",
        "cut",
        None,
    ]


def test_cleared_faults_happen_no_more() -> None:
    box = FaultBox()
    box.add(parse_fault("*:hang:always"))
    box.clear()
    assert box.take(UPDATING) is None


def test_faults_about_answers_of_queries_wait_for_a_query() -> None:
    box = FaultBox()
    box.add(parse_fault("*:empty-data"))
    assert box.take(UPDATING) is None
    assert box.take("QueryUSMSSignature") is not None


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind is not FaultKind.RETCODE])
def test_a_fault_forgets_the_request_or_lets_it_take_effect(kind: FaultKind) -> None:
    sandbox = service()
    sandbox.faults.add(Fault(action="*", kind=kind))
    handled = sandbox.handle(encoded(signed(UPDATING, UPDATE)))
    signature = sandbox.store.get("SIG1")
    (entry,) = sandbox.log.entries()
    assert signature is not None
    taken = kind not in FORGETTING
    assert signature.status is (ReviewStatus.PENDING if taken else ReviewStatus.REJECTED)
    assert entry.accepted is taken
    of_queries = kind in (FaultKind.EMPTY_DATA, FaultKind.UNKNOWN_STATUS)
    assert entry.fault == (None if of_queries else kind)
    assert (handled.fault is None) is of_queries


@pytest.mark.parametrize(("text", "code"), [("*:throttle", 153), ("*:retcode=130", 130)])
def test_retcodes_on_demand(text: str, code: int) -> None:
    sandbox = service(faults=[text])
    answer = update(sandbox)
    assert (answer["RetCode"], answer["Action"]) == (code, f"{UPDATING}Response")
    assert sandbox.log.entries()[0].retcode == code
    assert update(sandbox)["RetCode"] == 0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_http_statuses_come_as_html(status: int) -> None:
    sandbox = service(faults=[f"*:http{status}"])
    reply = sandbox.handle(encoded(signed(UPDATING, UPDATE))).reply
    assert (reply.status, reply.content_type) == (status, "text/html; charset=utf-8")
    assert reply.body.startswith(b"<html>")
    assert reply.uuid == sandbox.log.entries()[0].uuid
    assert sandbox.log.entries()[0].retcode is None


def test_a_redirect_points_at_the_front_door() -> None:
    reply = service(faults=["*:redirect"]).handle(encoded(signed(UPDATING, UPDATE))).reply
    assert (reply.status, reply.location) == (302, "/")


def test_garbage_is_not_json() -> None:
    reply = service(faults=["*:garbage"]).handle(encoded(signed(UPDATING, UPDATE))).reply
    assert reply.status == 200
    with pytest.raises(ValueError, match="decode"):
        json.loads(reply.body)


def test_a_query_can_be_answered_with_a_status_nobody_knows() -> None:
    sandbox = service(faults=["*:unknown-status"])
    assert query(sandbox, SigId="SIG1")["Data"]["Status"] == 9
    assert query(sandbox, SigId="SIG1")["Data"]["Status"] == 3


def test_a_query_can_be_answered_with_nothing() -> None:
    assert query(service(faults=["*:empty-data"]), SigId="SIG1")["Data"] == {}


def test_a_refusal_stays_one_whatever_the_data_would_be() -> None:
    answer = query(service(faults=["*:unknown-status"]), SigId="SIG1", ProjectId="org-none")
    assert (answer["RetCode"], "Data" in answer) == (292, False)

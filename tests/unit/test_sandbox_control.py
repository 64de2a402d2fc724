"""The sandbox's own endpoints."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reconciler.sandbox.control import control
from reconciler.sandbox.service import Service
from tests.unit.sandbox_calls import query, request, service, update


def ask(of: Service, name: str, body: object = None, *, method: str = "POST") -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    plain = request(raw, method=method)
    reply = control(of, replace(plain, head=replace(plain.head, path=f"/_sandbox/{name}")))
    assert reply.content_type == "application/json"
    return reply.status, json.loads(reply.body)


@pytest.fixture
def sandbox() -> Service:
    return service()


def test_the_log_is_every_request_in_order(sandbox: Service) -> None:
    query(sandbox, SigId="SIG1")
    update(sandbox)
    status, answer = ask(sandbox, "log", method="GET")
    assert status == 200
    assert [one["action"] for one in answer["requests"]] == [
        "QueryUSMSSignature",
        "UpdateUSMSSignature",
    ]
    assert answer["requests"][1]["documents"][0]["size"] > 0


def test_the_signatures_are_all_there_is(sandbox: Service) -> None:
    _, answer = ask(sandbox, "signatures", method="GET")
    assert [one["id"] for one in answer["signatures"]] == [f"SIG{n}" for n in range(1, 7)]
    assert answer["signatures"][0]["status"] == "rejected"


def test_a_review_is_obeyed_and_answered(sandbox: Service) -> None:
    wish = {"id": "SIG2", "status": "rejected", "reason": "模糊"}
    status, answer = ask(sandbox, "review", wish)
    assert (status, answer["status"], answer["rejection"]) == (200, "rejected", "模糊")
    assert query(sandbox, SigId="SIG2")["Data"]["ErrDesc"] == "模糊"
    ask(sandbox, "review", {"id": "SIG2", "status": "approved", "reason": None})
    assert query(sandbox, SigId="SIG2")["Data"]["Status"] == 2


def test_a_fault_is_added(sandbox: Service) -> None:
    assert ask(sandbox, "fault", {"fault": "*:throttle"}) == (200, {})
    assert update(sandbox)["RetCode"] == 153


def test_faults_come_to_an_end_even_those_that_always_happen(sandbox: Service) -> None:
    ask(sandbox, "fault", {"fault": "*:throttle:always"})
    assert query(sandbox, SigId="SIG1")["RetCode"] == 153
    assert ask(sandbox, "fault", {"fault": "none"}) == (200, {})
    assert query(sandbox, SigId="SIG1")["RetCode"] == 0


@pytest.mark.parametrize(
    ("name", "body", "hint"),
    [
        ("review", {"status": "approved"}, "'id' is missing"),
        ("review", {"id": "SIG1"}, "'status' is missing"),
        ("review", {"id": "SIG1", "status": "fine"}, "pending, reviewing, approved"),
        ("review", {"id": "SIG1", "status": 2}, "must be a string"),
        ("review", {"id": "SIG9", "status": "approved"}, "SIG9"),
        ("review", {"id": "SIG1", "status": "approved", "why": "x"}, "'why' is unknown"),
        ("review", [], "must be an object"),
        ("review", b"{", "not JSON"),
        ("review", b"[" * 100_000, "not JSON"),
        ("fault", {}, "ACTION:KIND"),
        ("fault", {"fault": "*:explode"}, "no kind"),
    ],
    ids=range(11),
)
def test_a_wrong_wish_is_explained(sandbox: Service, name: str, body: object, hint: str) -> None:
    status, answer = ask(sandbox, name, body)
    assert status == 400
    assert hint in answer["error"]


def test_an_unknown_endpoint_is_404_and_a_wrong_method_405(sandbox: Service) -> None:
    status, answer = ask(sandbox, "nothing")
    assert status == 404
    assert "/_sandbox/review" in answer["advice"]
    assert ask(sandbox, "log")[0] == 405
    assert ask(sandbox, "review", method="GET")[0] == 405

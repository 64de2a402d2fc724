"""Failures: one root, an exit code each, and which code wins."""

from __future__ import annotations

import inspect
from itertools import permutations

import pytest

from reconciler import errors
from reconciler.errors import (
    EXIT_BUG,
    EXIT_CHANGES,
    EXIT_DONE,
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_INVALID,
    EXIT_REFUSED,
    EXIT_USAGE,
    CredentialsError,
    DocumentChangedError,
    HopelessError,
    InterruptError,
    NoAnswerError,
    ReconcilerError,
    RefusedError,
    RejectedRequestError,
    ServiceError,
    StateError,
    UsageError,
    worst,
)

# Contract 3: "Where several apply, the first of 130, 70, 64, 3, 1, 4, 2 wins."
ORDER = (130, 70, 64, 3, 1, 4, 2, 0)


def test_the_exit_codes_are_those_of_the_contract() -> None:
    names = (EXIT_INTERRUPTED, EXIT_BUG, EXIT_USAGE, EXIT_INVALID)
    assert (*names, EXIT_FAILURE, EXIT_REFUSED, EXIT_CHANGES, EXIT_DONE) == ORDER


def test_of_several_exit_codes_the_first_in_the_contracts_order_wins() -> None:
    for first, second in permutations(ORDER, 2):
        expected = min(first, second, key=ORDER.index)
        assert worst([first, second]) == expected
        assert worst(iter([second, first, second])) == expected


def test_nothing_found_is_done() -> None:
    assert worst([]) == EXIT_DONE


def test_every_deliberate_failure_has_one_root() -> None:
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    failures = [each for each in classes if issubclass(each, Exception)]
    assert len(failures) > 8
    for each in failures:
        assert issubclass(each, ReconcilerError), each


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ReconcilerError("x"), 1),
        (UsageError("x"), 64),
        (CredentialsError("x"), 1),
        (RefusedError("x"), 4),
        (StateError("x"), 1),
        (InterruptError("x"), 130),
        (ServiceError("x"), 1),
        (RejectedRequestError("x", code=18003), 1),
        (HopelessError("x"), 1),
        (NoAnswerError("x"), 1),
        (DocumentChangedError("x"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_has_its_exit_code(failure: ReconcilerError, code: int) -> None:
    assert failure.exit_code == code


def test_a_failure_prints_as_its_summary_and_keeps_its_advice() -> None:
    failure = StateError("it is damaged", "Restore it.")
    assert str(failure) == failure.summary == "it is damaged"
    assert failure.advice == "Restore it."
    assert StateError("it is damaged").advice == ""


def test_a_service_failure_had_no_effect_unless_it_says_so() -> None:
    assert ServiceError("x").accepted is False
    assert NoAnswerError("x", accepted=None, request_uuid="u").accepted is None
    assert NoAnswerError("x", accepted=None, request_uuid="u").request_uuid == "u"


def test_a_rejected_request_certainly_had_no_effect() -> None:
    rejected = RejectedRequestError("no", "Why not.", code=18003, request_uuid="u")
    assert rejected.accepted is False
    assert (rejected.code, rejected.request_uuid, rejected.advice) == (18003, "u", "Why not.")


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (errors.NoAnswerError("no answer"), True),
        (errors.HopelessError("nobody there", passing=True), True),
        (errors.HopelessError("wrong keys"), False),
        (errors.RejectedRequestError("a parameter is invalid", code=18003), False),
    ],
)
def test_what_may_pass_is_told_from_what_will_not(
    error: errors.ServiceError, passing: bool
) -> None:
    assert errors.may_pass(error) is passing

"""The counts of what apply did."""

from __future__ import annotations

from reconciler.plan.outcomes import Outcome, Result, summarise


def outcome(result: Result) -> Outcome:
    return Outcome(name="shop", id="SIG1", result=result, reason="changed")


def test_every_result_is_counted_and_named_in_the_contracts_order() -> None:
    ended = (Result.FAILED, Result.SUBMITTED, Result.SUBMITTED, Result.UNKNOWN)
    assert list(summarise(map(outcome, ended)).items()) == [
        ("submitted", 2),
        ("adopted", 0),
        ("created", 0),
        ("deleted", 0),
        ("forgotten", 0),
        ("skipped", 0),
        ("failed", 1),
        ("unknown", 1),
    ]


def test_an_outcome_needs_no_request_and_no_detail() -> None:
    plain = outcome(Result.ADOPTED)
    assert (plain.request_uuid, plain.detail) == (None, "")

"""Signing agrees with the published check value and with the official SDK."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ucloud.core.auth import Credential
from ucloud.core.typesystem import encoder

from reconciler.signing import Scalar, canonical, flatten, sign

PRIVATE_KEY = "46f09bb9fab4f12dfc160dae12273d5332b5debe"
PUBLISHED: dict[str, Scalar] = {
    "Action": "DescribeUHostInstance",
    "Limit": 10,
    "PublicKey": "ucloudsomeone@example.com1296235120854146120",
    "Region": "cn-bj2",
}

texts = st.text(st.characters(exclude_categories=["Cs"]))
# The SDK signs exponents as Python prints them, which the algorithm page rules out.
plain_floats = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda value: value.is_integer() or "e" not in repr(value)
)
scalars: st.SearchStrategy[Scalar] = st.one_of(texts, st.integers(), st.booleans(), plain_floats)
names = texts.filter(lambda name: name != "Signature")


def test_the_published_check_value_comes_out() -> None:
    assert sign(PUBLISHED, PRIVATE_KEY) == "cba5cf5ec4d4233d206b1b54951e3787350a642f"


def test_the_order_of_parameters_does_not_matter() -> None:
    backwards = dict(reversed(PUBLISHED.items()))
    assert sign(backwards, PRIVATE_KEY) == sign(PUBLISHED, PRIVATE_KEY)


def test_a_signing_that_is_there_already_is_left_out() -> None:
    assert sign({**PUBLISHED, "Signature": "anything"}, PRIVATE_KEY) == sign(PUBLISHED, PRIVATE_KEY)


@given(st.dictionaries(names, scalars), texts, texts)
def test_it_agrees_with_the_official_sdk(
    parameters: dict[str, Scalar], public_key: str, private_key: str
) -> None:
    parameters["PublicKey"] = public_key
    theirs = Credential(public_key, private_key).verify_ac(dict(parameters))
    assert sign(parameters, private_key) == theirs


@given(scalars)
def test_a_value_is_signed_as_the_sdk_encodes_it(value: Scalar) -> None:
    assert canonical(value) == encoder.encode_value(value)


@given(st.lists(scalars, max_size=12))
def test_a_list_is_flattened_as_the_sdk_does(values: list[Scalar]) -> None:
    flat = {name: canonical(value) for name, value in flatten("SigIds", values).items()}
    assert flat == encoder.encode({"SigIds": values})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_signed_whole_and_without_exponent(value: float) -> None:
    signed = canonical(value)
    assert set(signed) <= set("-0123456789.")
    assert float(signed) == value
    assert value.is_integer() is ("." not in signed)


@pytest.mark.parametrize(
    ("value", "signed"),
    [
        (True, "true"),
        (False, "false"),
        (10.0, "10"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (5e-324, f"{Decimal('5e-324'):f}"),
    ],
)
def test_numbers_and_booleans_have_one_form(value: Scalar, signed: str) -> None:
    assert canonical(value) == signed


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_json_cannot_carry_is_not_signed(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be signed"):
        sign({"Limit": value}, PRIVATE_KEY)

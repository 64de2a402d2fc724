"""The request's signing: canonical string and SHA-1. Pure.

Source: UCloud's signature algorithm page and the official SDKs (reference, "Transport").
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

Scalar = str | int | float | bool
SIGNING_PARAMETER = "Signature"


def canonical(value: Scalar) -> str:
    """A value as it is signed: booleans in lower case, whole floats as integers, no exponent.

    Raises `ValueError` for NaN and the infinities, which JSON cannot carry either.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _canonical_float(value)
    return str(value)


def _canonical_float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be signed: it is not a number that JSON can carry")
    if value.is_integer():
        return str(int(value))
    # The shortest digits that read back as this float, written out: Decimal keeps them all,
    # where format(value, "f") would cut 1e-07 down to 0.000000. The official Python SDK signs
    # 1e-07 as it stands, but the algorithm page rules exponents out.
    return format(Decimal(repr(value)), "f")


def flatten(name: str, values: Iterable[Scalar]) -> dict[str, Scalar]:
    """A list parameter as the wire has it: `Name.0`, `Name.1`, …"""
    return {f"{name}.{index}": value for index, value in enumerate(values)}


def sign(parameters: Mapping[str, Scalar], private_key: str) -> str:
    """SHA-1 (lower-case hex) over sorted name+value pairs and the private key.

    A parameter named `Signature` is left out, so a received request can be checked as it is.
    Raises `ValueError` for what has no canonical form or no UTF-8 (lone surrogates).
    """
    signing = hashlib.sha1(usedforsecurity=False)
    for name in sorted(parameters):
        if name != SIGNING_PARAMETER:
            signing.update(f"{name}{canonical(parameters[name])}".encode())
    signing.update(private_key.encode())
    return signing.hexdigest()

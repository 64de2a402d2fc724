"""The nearest key or value to what somebody wrote."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from reconciler.model import Purpose, SignatureType

# The service's own parameter names (reference, "Actions used"), folded, and the manifest's.
_API_NAMES: Mapping[str, str] = {
    "sigid": "id",
    "sigids": "id",
    "sigcontent": "content",
    "sigtype": "type",
    "sigpurpose": "purpose",
    "file": "certificate",
    "document": "certificate",
    "proxyfile": "authorization",
    "proxydoc": "authorization",
    "scenedesc": "scene",
    "projectid": "project",
    "qualificationid": "qualification",
}
# Words that mean a key or a value without looking like it.
_OTHER_NAMES: Mapping[str, str] = {
    **_API_NAMES,
    "licence": "certificate",
    "license": "certificate",
    "proof": "certificate",
    "letter": "authorization",
    "proxy": "authorization",
    "path": "file",
    "link": "url",
    "owner": "holder",
    "expiry": "expires",
    "validuntil": "expires",
    "deleted": "absent",
    "enterprise": "company",
    "miniprogram": "public-account",
    "icp": "website",
    "organ": "government",
    "own": "self-use",
    "proxyuse": "others-use",
}

_NUMBERS: Mapping[str, Sequence[str]] = {
    # In the order of SigType and SigPurpose (reference, "Actions used").
    "type": [each.value for each in SignatureType],
    "purpose": [each.value for each in Purpose],
}
_TRUTH: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "0"), False),
}
_LIKENESS = 0.6
"""How alike two words must be (difflib's ratio) before one is offered for the other."""


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The choice that `word` probably means, if any does; case and separators do not count."""
    folded = {fold(choice): choice for choice in choices}
    meant = _OTHER_NAMES.get(fold(word))
    if meant in choices:
        return meant
    # Words of any length may come from a manifest, and difflib's work grows with their product.
    close = difflib.get_close_matches(fold(word)[:64], folded, n=1, cutoff=_LIKENESS)
    return folded[close[0]] if close else None


def name_for_number(field: str, number: object) -> str | None:
    """The name for one of the API's numbers, written with or without quotes; `field` is `type`."""
    names = _NUMBERS.get(field, ())
    for index, name in enumerate(names):
        if str(number) == str(index):
            return name
    return None


def truth(word: object) -> bool | None:
    """What a word or number that is not a truth value was meant to be; None if nobody can say."""
    return _TRUTH.get(str(word).lower())


def day(text: str) -> str | None:
    """A date with other separators or without leading zeros as YYYY-MM-DD; None if it is none."""
    found = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", text.strip())
    if found is None:
        return None
    year, month, day_of_month = found.groups()
    return f"{year}-{month:0>2}-{day_of_month:0>2}"


def fold(word: str) -> str:
    """The ASCII letters and digits of a word, lower-case: what is left of SigType and sig_type."""
    return re.sub(r"[^a-z0-9]", "", word.lower())

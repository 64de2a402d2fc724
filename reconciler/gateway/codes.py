"""What each RetCode means, and whether to try again (reference, "Error codes")."""

from __future__ import annotations

from collections.abc import Mapping

DONE = 0
THROTTLED = 153
WORTH_ANOTHER_TRY = frozenset({110, 130, 150, 151, THROTTLED, 200, 18004, 18007})
STATUSES_WORTH_ANOTHER_TRY = frozenset({429, 500, 502, 503, 504})
TOO_MANY_REQUESTS = 429
_HOPELESS = frozenset({*range(160, 175), 180, *range(290, 300)})

_MEANINGS: Mapping[int, str] = {
    110: "the API timed out",
    130: "a fault of the gateway or of the authentication service",
    150: "the service is unavailable",
    151: "a fault of the gateway's cache",
    153: "too many requests",
    160: "the request names no Action",
    161: "there is no such Action",
    170: "the signing is missing",
    171: "the signing is wrong",
    172: "there is no such account",
    173: "the account is restricted",
    174: "there is no such token",
    180: "the API version is missing",
    200: "a public service is unavailable",
    290: "the project is not authorized",
    291: "no permission for this Action",
    292: "there is no such project",
    293: "no permission for the zone",
    294: "this IP address is refused",
    295: "the account's security lock is on",
    299: "the check of permissions (IAM) failed",
    18000: "the request is not proper JSON",
    18001: "a parameter is missing",
    18002: "a parameter has the wrong format",
    18003: "a parameter is invalid",
    18004: "a fault of the API or the service",
    18007: "a fault of the API or the service",
    18016: "the signature was not applied for, or is not approved",
}

_KEYS = "Check UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY: they must be one pair, copied whole."
_ENDPOINT = "Check the endpoint (UCLOUD_API_BASE_URL): it does not serve SMS signatures."
_TEMPORARY = "Check the temporary credentials: the security token may have expired; get new ones."
_PROJECT = (
    "Check the project id (UCLOUD_PROJECT_ID, the setting `project`, or a manifest's own): "
    "these keys must be allowed to use it."
)
_PERMISSION = "Ask the account's owner to permit the SMS actions for these keys."
_TO_CHECK: Mapping[int, str] = {
    160: _ENDPOINT,
    161: _ENDPOINT,
    170: _KEYS,
    171: _KEYS,
    172: "Check UCLOUD_PUBLIC_KEY: no account has this key.",
    173: "Look into UCloud's console why the account is restricted.",
    174: _TEMPORARY,
    180: _ENDPOINT,
    290: _PROJECT,
    291: _PERMISSION,
    292: _PROJECT,
    293: _PERMISSION,
    294: "Add this machine's public IP address to the key's allowed addresses in the console.",
    295: "Lift the security lock of the account in UCloud's console.",
    299: _PERMISSION,
}
_ELSE = "Check the keys, the project and their permissions in UCloud's console."


def is_hopeless(code: int) -> bool:
    """Every further request would get this code too."""
    return code in _HOPELESS


def meaning(code: int) -> str:
    """The code in plain words."""
    return _MEANINGS.get(code, "a code the documentation does not explain")


def what_to_check(code: int) -> str:
    """The advice for a hopeless code."""
    return _TO_CHECK.get(code, _ELSE)

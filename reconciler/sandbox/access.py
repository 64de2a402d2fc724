"""Who asks, and in which project: action, account, signing, token, project, in this order.

The order in which the real gateway checks is documented nowhere; this one is the sandbox's.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from reconciler.sandbox import codes
from reconciler.sandbox.parameters import Parameters
from reconciler.sandbox.seed import Account, Seed
from reconciler.signing import SIGNING_PARAMETER, sign


def check_action(parameters: Parameters) -> str:
    """The action asked for; raises `RefusalError` 18000 (unreadable), 160 or 161."""
    if parameters.unreadable is not None:
        raise codes.RefusalError(codes.UNREADABLE, parameters.unreadable)
    action = parameters.text("Action")
    if action is None:
        raise codes.RefusalError(codes.ACTION_MISSING, "Action is missing")
    if action not in codes.ACTIONS:
        raise codes.RefusalError(codes.ACTION_UNKNOWN, f"there is no Action {action}")
    return action


def check_account(accounts: Iterable[Account], parameters: Parameters) -> Account:
    """The account that signed the request; raises `RefusalError` 170, 171, 172 or 174."""
    signing = parameters.text(SIGNING_PARAMETER)
    if signing is None:
        raise codes.RefusalError(codes.SIGNING_MISSING, "Signature is missing")
    public_key = parameters.text("PublicKey")
    account = next((one for one in accounts if one.public_key == public_key), None)
    if account is None:
        raise codes.RefusalError(codes.ACCOUNT_UNKNOWN, "there is no account with this PublicKey")
    expected = sign(parameters.values, account.private_key)
    if not hmac.compare_digest(expected.encode(), signing.encode()):
        raise codes.RefusalError(codes.SIGNING_WRONG, "Signature does not fit the request")
    if parameters.text("SecurityToken") != account.token:
        raise codes.RefusalError(codes.TOKEN_UNKNOWN, "there is no such SecurityToken")
    return account


def check_project(seed: Seed, account: Account, parameters: Parameters, *, required: bool) -> str:
    """The project meant; raises `RefusalError` 18001 (absent), 292 (unknown) or 290 (not his).

    Absent, it is the default project where it is not required, unless a sub-account asks.
    """
    project = parameters.text("ProjectId")
    if project is None:
        if required or account.sub_account:
            raise codes.RefusalError(codes.MISSING, "ProjectId is missing")
        project = seed.default_project
    if all(project != known.id for known in seed.projects):
        raise codes.RefusalError(codes.PROJECT_UNKNOWN, f"there is no project {project}")
    if account.projects and project not in account.projects:
        raise codes.RefusalError(codes.PROJECT_FORBIDDEN, f"project {project} is not yours")
    return project

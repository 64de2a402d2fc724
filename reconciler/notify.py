"""Send a summary to a chat robot or a webhook.

Robots are reached through apprise, which knows their ways; a plain webhook gets JSON of ours and
needs nothing but `requests`. An address is a secret: whoever has it can write into that chat. So no
error, and no log, holds more of it than the host.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reconciler.errors import ReconcilerError

if TYPE_CHECKING:
    from apprise import NotifyBase

_SECONDS = (5.0, 10.0)
"""To connect, and for an answer."""
_FEISHU = re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?")
_DINGTALK = re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)")
_ROBOTS = frozenset(
    {
        "hooks.slack.com",
        "open.feishu.cn",
        "open.larksuite.com",
        "oapi.dingtalk.com",
        "qyapi.weixin.qq.com",
    }
)
_FORMAT_VERSION = "1.0"


class NotifyError(ReconcilerError):
    """The summary was not delivered. No reason to fail anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told."""

    command: str
    """`apply` or `status`."""
    title: str
    """One line."""
    text: str
    """A few lines."""
    summary: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The counts, as in the command's JSON."""


def send(address: str, notice: Notice) -> None:
    """Deliver it. Raises `NotifyError`, which shows no more of the address than its host."""
    with _in_silence():
        robot = _robot(address)
        if robot is None:
            _post(address, notice)
            return
        try:
            told = robot.notify(title=notice.title, body=notice.text)
        except Exception as error:  # noqa: BLE001 - a hundred plugins: whatever one raises is its failure
            raise _failed(address, f"{type(error).__name__} in apprise") from None
    if not told:
        raise _failed(address, "it was not accepted")


def place(address: str) -> str:
    """As much of an address as may be shown: the host of a web address, else the kind alone."""
    scheme, colon, _ = address.partition("://")
    if scheme.lower() in {"http", "https"}:
        return _host(address) or "an address without a host"
    return f"{scheme}:" if colon and scheme.isalnum() else "an address that cannot be read"


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _robot(address: str) -> NotifyBase | None:
    """The robot behind it; None for a plain webhook."""
    is_web = address.lower().startswith(("http://", "https://"))
    if is_web and _host(address) not in _ROBOTS:
        return None
    try:
        import apprise
    except ImportError:
        raise NotifyError(
            f"nothing was sent to {place(address)}: apprise is not installed",
            "Install it: pip install 'reconciler[notify]'",
        ) from None
    asset = apprise.AppriseAsset(app_id="reconciler", secure_logging=True, async_mode=False)
    robot = apprise.Apprise.instantiate(_known(address), asset=asset, suppress_exceptions=True)
    if not isinstance(robot, apprise.NotifyBase):
        raise NotifyError(
            f"nothing was sent to {place(address)}: this is no address that can be sent to",
            "Copy the robot's webhook whole, or write it as apprise does: dingtalk://TOKEN.",
        )
    return robot


def _known(address: str) -> str:
    """In apprise's own form where it does not know the robot's webhook as it is copied."""
    if match := _FEISHU.fullmatch(address):
        return f"feishu://{match[1]}"
    if match := _DINGTALK.fullmatch(address):
        return f"dingtalk://{match[1]}"
    return address


def _post(address: str, notice: Notice) -> None:
    import requests

    body = {
        "format_version": _FORMAT_VERSION,
        "command": notice.command,
        "title": notice.title,
        "text": notice.text,
        "summary": dict(notice.summary),
    }
    try:
        # Its status is all that counts: a body without an end would keep the command from its own.
        with requests.post(
            address, json=body, timeout=_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            taken = answer.ok and not answer.is_redirect
    except (requests.RequestException, ValueError) as error:
        # Its own words would quote the address.
        raise _failed(address, type(error).__name__) from None
    if not taken:
        raise _failed(address, f"HTTP {answer.status_code}")


def _failed(address: str, why: str) -> NotifyError:
    return NotifyError(
        f"the notification to {place(address)} failed: {why}",
        "Check the address, and whether the robot accepts such messages.",
    )


@contextmanager
def _in_silence() -> Iterator[None]:
    """Nothing below us may log: urllib3 and apprise would write the address, in --debug above all.

    Their warnings are about themselves and help nobody here.
    """
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)

"""Summaries reach robots and webhooks; when they do not, nothing else is harmed or told."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from reconciler import notify
from reconciler.notify import Notice, NotifyError, place, send
from tests.unit.chats import TOKEN, chat

NOTICE = Notice(
    command="apply",
    title="reconciler: Apply: 1 submitted",
    text="submitted 店 SIG1",
    summary={"submitted": 1},
)


class TestAPlainWebhook:
    def test_gets_json_that_says_everything(self) -> None:
        with chat() as kept:
            send(f"{kept.url}/hook?key={TOKEN}", NOTICE)
        ((path, body),) = kept.got
        assert path == f"/hook?key={TOKEN}"
        assert body == {
            "format_version": "1.0",
            "command": "apply",
            "title": NOTICE.title,
            "text": NOTICE.text,
            "summary": {"submitted": 1},
        }

    @pytest.mark.parametrize("status", [302, 404, 500])
    def test_that_does_not_take_it_is_told_by_its_host(self, status: int) -> None:
        with chat(status) as kept, pytest.raises(NotifyError, match=f"HTTP {status}") as raised:
            send(f"{kept.url}/hook?key={TOKEN}", NOTICE)
        assert len(kept.got) == 1
        assert "127.0.0.1" in raised.value.summary
        assert TOKEN not in f"{raised.value.summary}{raised.value.advice}"

    @pytest.mark.parametrize(
        "address", [f"http://127.0.0.1:9/{TOKEN}", f"http://[{TOKEN}", f"http://:0/{TOKEN}"]
    )
    def test_that_is_not_there_is_told_without_its_address(self, address: str) -> None:
        with pytest.raises(NotifyError) as raised:
            send(address, NOTICE)
        assert TOKEN not in f"{raised.value.summary}{raised.value.advice}"

    def test_whose_answer_has_no_end_keeps_nobody(self) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nok"
        with chat(raw=head) as kept:
            send(f"{kept.url}/hook", NOTICE)
        assert len(kept.got) == 1

    def test_needs_no_library_for_robots(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "apprise", None)
        with chat() as kept:
            send(f"{kept.url}/hook", NOTICE)
        assert len(kept.got) == 1


class TestARobot:
    def test_of_any_kind_that_apprise_knows_is_reached(self) -> None:
        with chat() as kept:
            send(kept.url.replace("http:", "json:") + f"/{TOKEN}", NOTICE)
        ((_, body),) = kept.got
        assert (body["title"], body["message"]) == (NOTICE.title, NOTICE.text)

    @pytest.mark.parametrize(
        ("address", "attribute", "inside"),
        [
            (
                f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}",
                "notify_url",
                "text",
            ),
            (
                f"https://open.larksuite.com/open-apis/bot/v2/hook/{TOKEN}",
                "notify_url",
                "content",
            ),
            (
                f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}",
                "notify_url",
                "msgtype",
            ),
            (
                f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
                "notify_url",
                "msgtype",
            ),
            (
                f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN[:24]}",
                "webhook_url",
                "attachments",
            ),
        ],
        ids=["feishu", "lark", "dingtalk", "wecom", "slack"],
    )
    def test_is_known_by_the_webhook_as_it_is_copied(
        self,
        address: str,
        attribute: str,
        inside: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        with notify._in_silence():
            robot = notify._robot(address)
        with chat() as kept:
            monkeypatch.setattr(type(robot), attribute, f"{kept.url}/")
            send(address, NOTICE)
        ((_, body),) = kept.got
        assert "SIG1" in json.dumps(body, ensure_ascii=False)
        assert inside in json.dumps(body)

    def test_that_refuses_is_told_by_its_kind(self) -> None:
        with chat(500) as kept, pytest.raises(NotifyError, match="json: failed") as raised:
            send(kept.url.replace("http:", "json:") + f"/{TOKEN}", NOTICE)
        assert TOKEN not in raised.value.summary

    @pytest.mark.parametrize(
        "address", ["nonsense", f"nosuch://{TOKEN}", f"https://open.feishu.cn/other/{TOKEN}"]
    )
    def test_that_nobody_knows_is_told(self, address: str) -> None:
        with pytest.raises(NotifyError, match="no address that can be sent to") as raised:
            send(address, NOTICE)
        assert TOKEN not in f"{raised.value.summary}{raised.value.advice}"

    def test_without_the_library_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "apprise", None)
        with pytest.raises(NotifyError, match="apprise is not installed") as raised:
            send(f"slack://{TOKEN}", NOTICE)
        assert "reconciler[notify]" in raised.value.advice

    def test_whose_plugin_breaks_is_a_failure_and_no_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with notify._in_silence():
            robot = notify._robot("json://127.0.0.1:9")

        def broken(*_: object, **__: object) -> bool:
            raise KeyError(TOKEN)

        monkeypatch.setattr(type(robot), "send", broken)
        with pytest.raises(NotifyError) as raised:
            send("json://127.0.0.1:9", NOTICE)
        assert TOKEN not in raised.value.summary


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"https://hooks.slack.com/services/{TOKEN}", "hooks.slack.com"),
        (f"https://user:{TOKEN}@chat.example/x", "chat.example"),
        (f"slack://{TOKEN}/a/b", "slack:"),
        (f"https://[{TOKEN}", "an address without a host"),
        (TOKEN, "an address that cannot be read"),
        (f"{TOKEN}+x://y", "an address that cannot be read"),
    ],
)
def test_of_an_address_only_host_or_kind_is_shown(address: str, shown: str) -> None:
    assert place(address) == shown


def test_nothing_is_logged_that_holds_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with chat() as kept:
        send(f"{kept.url}/hook?key={TOKEN}", NOTICE)
        send(kept.url.replace("http:", "json:") + f"/{TOKEN}", NOTICE)
    assert TOKEN not in caplog.text
    logging.getLogger("reconciler").debug("back again")
    assert "back again" in caplog.text

"""Words that name nobody.

The service's standards give two examples of neutral contents, and say "such as". The two are
`DOCUMENTED`. The other lists are this project's own judgement, used for warnings alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

DOCUMENTED = frozenset({"告警通知", "尊敬的客户"})

_EVERYDAY = """
告警 通知 提醒 警报 验证码 验证 校验 短信 消息 信息 签名 客户 用户 会员 尊敬的 亲爱的 您好 你好
官方 客服 服务 中心 平台 系统 公司 测试 登录 注册 活动 优惠 推广 营销 温馨提示 提示
alert app code company customer demo info login message notice service sms system test
verification verify
"""
EVERYDAY = frozenset(_EVERYDAY.split())
"""What messages are about, rather than whom they come from."""

_CORPORATE = """
有限 责任 股份 公司 集团 控股 企业 科技 技术 网络 信息 电子 商务 商贸 贸易 文化 传播 传媒 实业
投资 发展 管理 咨询 教育 服务
"""
CORPORATE = frozenset(_CORPORATE.split())
"""Legal forms and lines of business, which thousands of companies share."""

COMMON = EVERYDAY | CORPORATE


def consists_of(text: str, words: frozenset[str]) -> bool:
    """Whether `text` is nothing but these words, one after the other; "" is not."""
    known = _by_first(words)
    if text[:1] not in known:
        return False  # as nearly every name does
    reached = {0}
    for place, char in enumerate(text):
        if place in reached:
            for word in known.get(char, ()):
                if text.startswith(word, place):
                    reached.add(place + len(word))
    return len(text) in reached


@lru_cache(maxsize=16)
def _by_first(words: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        found[word[:1]] = (*found.get(word[:1], ()), word)
    return found

"""From a reviewer's words to the rules that are about them."""

from __future__ import annotations

import pytest

from reconciler.rules.reasons import _WORDS, rules_for
from reconciler.rules.registry import RULES


@pytest.mark.parametrize(
    ("reason", "rules"),
    [
        ("签名内容不能带有括号", ["USMS102"]),
        ("签名含有特殊字符，请修改", ["USMS101"]),
        ("签名为中性词，无法识别主体", ["USMS103"]),
        ("签名与营业执照公司名称不一致", ["USMS110"]),
        ("公司简称过短，需大于三个字", ["USMS111"]),
        ("商标注册证与签名不符", ["USMS112"]),
        ("证件类型与签名类型不一致", ["USMS113"]),
        ("APP类签名不再受理", ["USMS201"]),
        ("营业执照已过期", ["USMS203"]),
        ("他用签名，请补充授权书", ["USMS205"]),
        ("授权书中的签名与申请不符", ["USMS207"]),
        ("附件损坏，无法打开", ["USMS303"]),
        ("PDF 已加密", ["USMS305"]),
        ("图片模糊，请重新上传", ["USMS306"]),
        ("The certificate has Expired and is blurry", ["USMS203", "USMS306"]),
    ],
)
def test_words_of_the_standards_lead_to_their_rules(reason: str, rules: list[str]) -> None:
    assert list(rules_for(reason)) == rules


@pytest.mark.parametrize(
    "reason", [None, "", "名称不规范", "签名用途说明不清楚，请补充具体使用场景", "\x1b[31m"]
)
def test_other_words_lead_nowhere(reason: str | None) -> None:
    assert rules_for(reason) == ()


def test_every_rule_that_is_named_exists() -> None:
    assert set(_WORDS) <= set(RULES)

"""Which rules would have caught what a reviewer found. Pure.

Reviewers write in Chinese, in words of their own; nothing documents them. So a reason is searched
for words of the review standards, and where none is found, no rule is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "USMS102": r"括号|[【】]|bracket",
    "USMS101": r"特殊字符|非法字符|标点|special character",
    "USMS103": r"中性|通用(?:词|名|性)|指向不明|过于(?:宽泛|笼统)|neutral",
    "USMS110": r"(?:全称|公司名|企业名|主体名)[^,，。;；]{0,8}(?:不符|不一致|不匹配)|不连续|跳字",
    "USMS111": r"简称[^,，。;；]{0,8}(?:过短|太短|不规范|不符|字)|abbreviation",
    "USMS112": r"商标|trademark",
    "USMS113": r"(?:证件|证明|资质|证书)类型|类型[^,，。;；]{0,6}(?:不符|不一致|不匹配)",
    "USMS201": r"(?:ICP|备案|APP|应用|网站|公众号|小程序)"
    r"[^,，。;；]{0,12}(?:不再|不予|不能|不支持|停止|暂停)|74号",
    "USMS203": r"过期|失效|有效期|到期|expired",
    "USMS205": r"(?:缺少|未提供|未上传|没有|需要?(?:提供|上传)|补充)[^,，。;；]{0,6}(?:授权|委托)",
    "USMS207": r"(?:授权|委托)[^,，。;；]{0,10}(?:不符|不一致|不匹配|有误|错误)",
    "USMS303": r"损坏|打不开|无法(?:打开|查看|读取)|unreadable",
    "USMS305": r"加密|密码|encrypted",
    "USMS306": r"模糊|不清晰|不清楚的?(?:图|照|扫描)|看不清|清晰度|分辨率|blurr?(?:y|ed)",
}
_FOUND = {rule: re.compile(words, re.IGNORECASE) for rule, words in _WORDS.items()}


def rules_for(reason: str | None) -> tuple[str, ...]:
    """The ids of the rules that are about what the reason speaks of; sorted, often none."""
    if reason is None:
        return ()
    return tuple(sorted(rule for rule, words in _FOUND.items() if words.search(reason)))

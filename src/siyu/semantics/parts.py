"""What stands behind the dot of an outcome (`member_level.change`), in words.

The names are English in every policy, as in the document; who writes a Chinese one is led to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from siyu.words import Words, say

MEANING = {
    "change": say("how the level moved"),
    "held": say("the level held before"),
    "keep_until": say("until when the level is kept"),
    "grace_until": say("until when grace lasts"),
    "next": say("the next level"),
    "missing": say("what is missing to the next level"),
    "keep_missing": say("what is missing to keep the level"),
    "row": say("the number of the row"),
    "points": say("how many points"),
    "worth": say("what it is worth"),
    "cost": say("what it costs"),
    "usable_on": say("from when it can be used"),
    "expires_on": say("when it expires"),
    "benefit": say("what is given"),
    "detail": say("the details"),
    "valid_until": say("until when it is valid"),
    "channel": say("the channel"),
    "not_before": say("when it is sent at the earliest"),
}
CHINESE = {
    "change": ("变化", "等级变化", "变动", "升降"),
    "held": ("原等级", "原级别", "现有等级"),
    "keep_until": ("保级到", "保级期", "保级截止"),
    "grace_until": ("宽限到", "宽限期"),
    "next": ("下一级", "下一等级"),
    "missing": ("还差", "差额", "升级还差"),
    "keep_missing": ("保级还差", "保级差额"),
    "row": ("行", "行号"),
    "points": ("积分", "积分数"),
    "worth": ("价值", "面值"),
    "cost": ("成本", "费用"),
    "usable_on": ("可用日", "生效日"),
    "expires_on": ("到期日", "过期日"),
    "benefit": ("权益", "奖励"),
    "detail": ("说明", "详情"),
    "valid_until": ("有效期", "有效期至"),
    "channel": ("渠道",),
    "not_before": ("发送时间", "最早发送"),
}


def in_chinese(parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Chinese words for parts, each with the part it stands for."""
    for part in parts:
        for word in CHINESE.get(part, ()):
            yield word, part


def explained(parts: Iterable[str]) -> tuple[Words, ...]:
    """The parts in backticks, with what they mean where that is not the author's to say."""
    return tuple(
        say("`{part}` ({meaning})", part=part, meaning=MEANING[part])
        if part in MEANING
        else say("`{part}`", part=part)
        for part in parts
    )

"""What stands behind the dot of an outcome (`member_level.change`), in words.

The names are English in the document; a policy may say the Chinese ones, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from siyu.core.ir import Expr
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

CHANGES = {
    "入级": "entered",
    "升级": "upgraded",
    "保级": "kept",
    "宽限": "in_grace",
    "降级": "downgraded",
}


def part_of(fields: Mapping[str, Expr], word: str) -> Expr | None:
    """The part of an outcome that a word names; the author's own names come first."""
    return fields.get(word) or fields.get(dict(in_chinese(fields)).get(word, ""))


def member_of(members: Collection[str], word: str) -> str | None:
    """The member that a word names, None where it names none; what becomes of a level has Chinese
    words, too.

    >>> member_of(("paid", "refunded"), "paid"), member_of(tuple(CHANGES.values()), "宽限")
    ('paid', 'in_grace')
    """
    if word in members:
        return word
    moved = CHANGES.get(word)
    return moved if moved is not None and set(members) == set(CHANGES.values()) else None


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

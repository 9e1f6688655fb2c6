"""Words that made-up data are made of, and what a field is, going by its name.

All of them are general words; no name, number or address is that of anybody.
"""

from __future__ import annotations

import re

from siyu.schema.model import Field

CATEGORIES = ("护肤", "彩妆", "母婴", "食品", "家居", "服饰", "个护", "数码", "宠物", "运动")
CITIES = ("上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "南京", "西安", "重庆", "苏州",
          "青岛")  # fmt: skip
TAGS = ("vip", "新客", "宝妈", "学生", "价格敏感", "爱尝鲜", "周末购物", "直播粉丝")
BRANDS = ("晨露", "青禾", "木白", "星河", "小满", "白鹭", "南山", "云舒")
CHANNELS = ("wecom", "sms", "app")
WEATHERS = ("晴", "多云", "雨", "雪")
STATUSES = ("paid", "refunded", "placed")
GENERAL = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")
PLACES = (  # degrees times 10 000 of well-known cities
    (312_300, 1_214_700), (399_000, 1_164_000), (231_300, 1_132_600), (225_400, 1_140_600),
    (302_700, 1_201_500), (305_700, 1_040_700), (305_900, 1_143_000), (320_600, 1_187_800),
)  # fmt: skip

_KINDS = {
    "joined": r"join|regist|sign.?up|enrol|member_since|入会|注册|加入",
    "born": r"birth|生日|出生",
    "child": r"baby|child|宝宝|孩子|子女",
    "until": r"until|expir|valid|(?:^|_)due(?:$|_)|到期|有效期|截止|下次",
    "referrer": r"refer|invit|推荐人|邀请人|介绍人",
    "advisor": r"advis|sales|clerk|guide|导购|顾问|店员",
    "category": r"categor|depart|class|品类|类目|分类|部门",
    "sku": r"sku|product|item_id|goods|商品|货号",
    "city": r"city|town|城市",
    "store": r"store|shop|branch|门店|店铺",
    "weather": r"weather|天气",
    "brand": r"brand|品牌",
    "channel": r"channel|渠道",
    "status": r"status|state|状态",
    "phone": r"phone|mobile|tel|手机|电话",
    "email": r"mail|邮箱|邮件",
    "address": r"address|street|地址",
    "person": r"name|姓名|昵称|称呼",
    "quantity": r"qty|quant|count|items|pieces|times|num|数量|件数|次数",
    "age": r"(?:^|_)age(?:$|_)|年龄",
    "price": r"price|单价|价格",
    "total": r"total|lifetime|ltv|累计|总",
    "share": r"rate|ratio|percent|share|discount|率|折扣|占比",
    "no": r"unsub|opt.?out|block|black|fraud|refund|closed|退订|拒绝|拉黑|黑名单|注销",
}
_PATTERNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}


def is_about(field: Field, kind: str) -> bool:
    """Whether a field's name or label says that it is of a kind.

    >>> from siyu.types import TEXT
    >>> is_about(Field("home_city", TEXT), "city")
    True
    """
    words = " ".join(filter(None, (field.name, field.label.zh, field.label.en)))
    return _PATTERNS[kind].search(words) is not None


def weighted(words: tuple[str, ...], size: int = 256) -> list[str]:
    """A list in which the first words occur most, and the last ones still do.

    >>> weighted(("a", "b"), 6)
    ['a', 'a', 'a', 'a', 'b', 'b']
    """
    weights = [1 / (place + 1) ** 0.8 for place in range(len(words))]
    return spread(words, weights, size)


PAID = re.compile(r"paid|done|complet|active|success|normal|已支付|完成|正常", re.IGNORECASE)
RARE = re.compile(r"refund|cancel|fail|return|clos|退|取消|失败|关闭", re.IGNORECASE)


def members_weighted(members: tuple[str, ...], size: int = 256) -> list[str]:
    """Members of an enum: what is paid or done most often, what went wrong seldom.

    >>> found = members_weighted(("placed", "paid", "refunded"))
    >>> found.count("paid") > found.count("placed") > found.count("refunded") > 0
    True
    """
    if len(members) > size:
        return list(members)
    weights = []
    for place, name in enumerate(members):
        weight = 1 / (place + 1) ** 0.5
        if PAID.search(name):
            weight *= 8
        elif RARE.search(name):
            weight *= 0.5
        weights.append(weight)
    return spread(members, weights, size)


def spread(words: tuple[str, ...], weights: list[float], size: int) -> list[str]:
    """Each word as often as its weight says, at least once where there is room."""
    found: list[str] = []
    total, taken = sum(weights), 0.0
    for word, weight in zip(words, weights, strict=True):
        taken += weight
        until = max(round(size * taken / total), len(found) + 1)
        found += [word] * (until - len(found))
    return found

"""What names of columns and tables say, in English and in Chinese."""

from __future__ import annotations

import re
import unicodedata

from siyu.schema.loading import good_name
from siyu.words import Words, say

_MONEY = re.compile(
    r"amount|price|cost|sales_value|revenue|fee\b|_fee|paid_total|payment|spend|balance|refund_amt|"
    r"amt|discount|(?:^|_)disc$|金额|价格|单价|总价|费用|实付|应付|消费额|余额|退款额|成本|折扣额",
    re.IGNORECASE,
)
_NOT_MONEY = re.compile(r"count|qty|quantity|rate|ratio|percent|points|次数|数量|率|积分", re.I)
_BIRTHDAY = re.compile(r"birth|(?:^|_)dob$|生日|出生", re.IGNORECASE)

# What is personal: the kind of thing, by the name of its column.
_PERSONAL: tuple[tuple[Words, re.Pattern[str]], ...] = tuple(
    (said, re.compile(pattern, re.IGNORECASE))
    for said, pattern in (
        (say("a phone number"), r"phone|mobile|(?:^|_)tel(?:$|_)|手机|电话|联系方式"),
        (say("an e-mail address"), r"e.?mail|邮箱|邮件"),
        (say("a day of birth"), r"birth|(?:^|_)dob$|生日|出生"),
        (say("an identity card"), r"id.?card|identity|passport|ssn|身份证|护照|证件"),
        (say("a number plate"), r"plate|license_no|车牌"),
        (say("an address"), r"address|street|(?:^|_)addr|postcode|zip.?code|地址|住址|邮编"),
        (say("a person's name"), r"(?:^|_)(?:full|first|last|real|nick|user|customer|member)_?name$"
                                 r"|^name$|姓名|昵称|真名"),
        (say("an account of a person"), r"open_?id|union_?id|wechat|weixin|微信|qq号"),
        (say("a place where somebody is"), r"^(?:home|work|geo)|location|家庭位置|位置"),
        (say("what somebody earns"), r"income|salary|收入|薪"),
    )
)  # fmt: skip
LOOKS: dict[str, Words] = {
    "phone": say("a phone number"), "email": say("an e-mail address"),
    "id_card": say("an identity card"), "plate": say("a number plate"),
}  # fmt: skip

_KEY = re.compile(r"(?:^|_)(?:id|no|code|key|number|upc)$|编号|编码|号$|单号|ID$", re.IGNORECASE)
_TIME = re.compile(r"paid|order|purchas|transact|created|at$|_on$|time|date|下单|支付|付款|时间|"
                   r"日期", re.IGNORECASE)  # fmt: skip
_CUSTOMER = re.compile(r"customer|member|user|household|client|shopper|会员|客户|顾客|用户", re.I)
_TRUTH = re.compile(r"^(?:is|has|can|was)_|^是否|_flag$", re.IGNORECASE)
_OPT_OUT = re.compile(r"unsub|opt.?out|do_not|退订|拒收|勿扰", re.IGNORECASE)

# Names for what tables in Chinese companies usually call their columns.
_CALLED = {
    "会员编号": "member_id", "会员号": "member_id", "会员id": "member_id", "会员卡号": "card_no",
    "客户编号": "customer_id", "客户id": "customer_id", "用户id": "user_id", "用户编号": "user_id",
    "姓名": "name", "昵称": "nickname", "性别": "gender", "年龄": "age", "生日": "birthday",
    "出生日期": "birthday", "手机": "phone", "手机号": "phone", "手机号码": "phone",
    "电话": "phone", "邮箱": "email", "地址": "address", "身份证": "id_card", "身份证号": "id_card",
    "车牌": "plate", "车牌号": "plate", "城市": "city", "省份": "province", "门店": "store",
    "渠道": "channel", "入会日期": "joined_on", "注册日期": "registered_on",
    "注册时间": "registered_at", "入会时间": "joined_at", "会员等级": "level", "等级": "level",
    "标签": "tags", "积分": "points", "余额": "balance", "订单号": "order_id",
    "订单编号": "order_id", "下单时间": "ordered_at", "支付时间": "paid_at", "付款时间": "paid_at",
    "金额": "amount", "订单金额": "amount", "实付金额": "paid_amount", "支付金额": "paid_amount",
    "单价": "price", "价格": "price", "数量": "qty", "商品": "product", "商品编号": "product_id",
    "商品名称": "product_name", "品类": "category", "类目": "category", "品牌": "brand",
    "状态": "status", "订单状态": "status", "是否退订": "unsubscribed", "退订": "unsubscribed",
    "导购": "advisor", "推荐人": "referrer", "优惠券": "coupon", "备注": "note",
}  # fmt: skip
_TABLES = {"会员": "members", "客户": "customers", "用户": "users", "订单": "orders",
           "订单明细": "order_lines", "积分": "points", "积分流水": "points_log",
           "优惠券": "coupons", "触达记录": "contacts", "授权": "consents"}  # fmt: skip


def field_name(column: str) -> tuple[str, str | None]:
    """A name for a field, and the label that tells it apart from its column's name.

    >>> field_name("支付时间"), field_name("Order Date"), field_name("amount")
    (('paid_at', '支付时间'), ('order_date', 'Order Date'), ('amount', None))
    """
    return _named(column, _CALLED)


def table_name(table: str) -> tuple[str, str | None]:
    """The same for a table."""
    return _named(table, _TABLES)


def _named(written: str, called: dict[str, str]) -> tuple[str, str | None]:
    known = called.get(written.strip().casefold())
    if known is not None:
        return known, written.strip()
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", written):
        return written, None
    plain = re.sub(r"[^\w]+", "_", unicodedata.normalize("NFKC", written)).strip("_")
    if plain.isascii():
        plain = plain.lower()
    name = plain if plain and good_name(plain) and not plain[0].isdigit() else f"column_{plain}"
    label = " ".join("".join(c if c.isprintable() else " " for c in written).split())
    return name.strip("_"), None if name == written else label or None


def is_money(column: str) -> bool:
    """Whether a number's name says that it is an amount of money."""
    return _MONEY.search(column) is not None and _NOT_MONEY.search(column) is None


def personal(column: str) -> Words | None:
    """What personal thing a column's name says it holds."""
    return next((said for said, pattern in _PERSONAL if pattern.search(column)), None)


def is_key(column: str) -> bool:
    """Whether a name is usual for what identifies something."""
    return _KEY.search(column) is not None


def is_time(column: str) -> bool:
    """Whether a name is usual for when something happened."""
    return _TIME.search(column) is not None


def is_customer(name: str) -> bool:
    """Whether a table's or a column's name is about customers."""
    return _CUSTOMER.search(name) is not None


def is_truth(column: str) -> bool:
    """Whether a name asks for yes or no."""
    return _TRUTH.search(column) is not None or is_opt_out(column)


def is_opt_out(column: str) -> bool:
    """Whether a name says that somebody wants no messages."""
    return _OPT_OUT.search(column) is not None


def is_birthday(column: str) -> bool:
    """Whether a name is about a day of birth."""
    return _BIRTHDAY.search(column) is not None


LATITUDE = re.compile(r"(?:^|(?<=_))(?:lat|latitude)$|纬度$", re.IGNORECASE)
LONGITUDE = ("lon", "lng", "long", "longitude", "经度")


def place_of(column: str, others: set[str]) -> tuple[str, str] | None:
    """Of a column with latitudes: what the place is called, and the column with its longitudes."""
    found = LATITUDE.search(column)
    if found is None:
        return None
    before = column[: found.start()]
    for word in LONGITUDE:
        for spelling in (word, word.upper(), word.capitalize()):
            if before + spelling in others:
                return before.rstrip("_") or "place", before + spelling
    return None

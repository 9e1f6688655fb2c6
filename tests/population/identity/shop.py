"""A small shop with four channels, whose people are known by hand."""

from __future__ import annotations

import json
from pathlib import Path

SCHEMA = """\
schema: shop
customer: {key: customer, fields: {customer: {type: text}}}
collections:
  orders:
    key: order_id
    fields:
      order_id: {type: text}
      amount:   {type: money, min: 0}
profiles:
  key: profile_id
  channel: channel
  fields:
    profile_id: {type: text}
    channel:    {type: text}
    union_id:   {type: text, optional: true, label: {zh: 微信统一标识, en: union id}}
    phone:      {type: text, optional: true, pii: true, label: {zh: 手机号, en: phone}}
    verified:   {type: bool, default: true}
    email:      {type: text, optional: true, pii: true, label: {zh: 邮箱, en: e-mail}}
    device:     {type: text, optional: true, label: {zh: 设备, en: device}}
    birthday:   {type: date, optional: true, pii: true, label: {zh: 生日, en: birthday}}
"""
POLICY = """\
policy shop "Shop"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "shop.yaml"

identity one_id "ONE ID 统一身份" of profiles
  country CN
  join by union_id
  join by phone as phone when verified
  join by email as email
  join by device weak
  conflict on union_id, birthday
  ignore phone in ("13800000000")
  at most 4 profiles per value

metric spend "Spend" = sum(orders.amount)

segment large "Large"
  when spend >= 100 yuan
"""
SOURCES = """\
sources: 1
customer: {from: one_id/customers.parquet}
collections:
  orders:
    from: orders.csv
    customer: {through: one_id, profile: member, channel: {from: channel}}
profiles:
  - {from: tmall.csv, channel: tmall, columns: {profile_id: id}}
  - {from: others.jsonl}
"""
TMALL = """\
id,union_id,phone,verified,email,device,birthday
T1,u1,138 0013-8001,true,,d1,1990-05-01
T2,,,,LI@Shop.cn,,
T3,,13900139000,true,,d2,1980-01-01
T4,,+86 139 0013 9000,true,,d2,2005-02-02
T5,,13600136000,false,,,
T6,,13800000000,true,,,
T7,,123,true,,,
T8,,,,,,not a date
T9,u9,,,,,
T9,u8,,,,,
,u7,,,,,
"""
OTHERS = [
    {"channel": "wecom", "profile_id": "W1", "union_id": "u1"},
    {
        "channel": "store",
        "profile_id": "S1",
        "phone": "１３８００１３８００１",
        "email": "li@shop.cn",
    },
    {"channel": "store", "profile_id": "S3", "phone": "0086-13900139000"},
    {"channel": "store", "profile_id": "S4", "phone": "13900139000", "birthday": "1980-01-01"},
    {"channel": "store", "profile_id": "S5", "phone": "13600136000"},
    {"channel": "store", "profile_id": "S6", "phone": "13800000000"},
    {"channel": "app", "profile_id": "A1", "device": "d1"},
    {"channel": "app", "profile_id": "A2", "device": "d2"},
    *({"channel": "app", "profile_id": f"B{n}", "phone": "13700137000"} for n in range(5)),
]
ORDERS = "order_id,channel,member,amount\no1,tmall,T1,60.00\no2,store,S1,50.00\no3,tmall,T3,99.00\n"
# T1 and W1 have a union id in common, T1 and S1 a phone, S1 and T2 an e-mail address; the device of
# T1 brings A1. T3 and S4 agree in their birthday, T4 does not, of S3 nothing is known.
ONE = {"tmall:T1", "wecom:W1", "store:S1", "tmall:T2", "app:A1"}
TWO = {"tmall:T3", "store:S4"}


def shop(folder: Path) -> Path:
    """The policy, its schema, sources and tables; the policy's path."""
    (folder / "shop.yaml").write_text(SCHEMA, "utf-8")
    (folder / "shop.siyu").write_text(POLICY, "utf-8")
    (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    (folder / "tmall.csv").write_text(TMALL, "utf-8")
    rows = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in OTHERS)
    (folder / "others.jsonl").write_text(rows, "utf-8")
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    return folder / "shop.siyu"

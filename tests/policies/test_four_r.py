"""ONE ID of the four Rs, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
from click.testing import CliRunner

from siyu.faces.cli import command as siyu_command

POLICY = Path(__file__).resolve().parents[2] / "policies" / "four_r" / "policy.siyu"
SOURCES = """sources: 1
timezone: Asia/Shanghai
customer: {from: out/customers.parquet, columns: {member_id: customer}}
profiles:
  from: profiles.csv
"""
HEAD = "profile_id,profile_channel,union_id,phone,phone_verified,device_hash,birthday\n"
# 小程序 A 与企业微信 B 同一个 UnionID，B 与天猫 C 同一个验证过的手机号（写法不同）：一位客户。
# 门店 D 的手机号没验证，不算证据。E 与 F 同一个手机号，但两个生日：绝不合并。
# G 没有身份，与 A 同一台设备：弱证据，并入唯一有身份的 A。H 的号码是门店代填的。
PROFILES = """A,mini_program,u1,,false,d1,
B,wecom,u1,13900000001,true,,1990-05-01
C,tmall,,+86 139-0000-0001,true,,
D,store,,13900000001,false,,
E,tmall,,13900000002,true,,1991-01-01
F,store,,13900000002,true,,1992-02-02
G,web,,,false,d1,
H,store,,13800000000,true,,
I,tmall,,13800000000,true,,
"""


def test_one_id(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "profiles.csv").write_text(HEAD + PROFILES, encoding="utf-8")
    made = CliRunner().invoke(
        siyu_command,
        ["identity", str(POLICY), "--sources", str(tmp_path / "sources.yaml"), "-o",
         str(tmp_path / "out"), "--lang", "en"],
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    rows = duckdb.execute(
        "SELECT list(profile ORDER BY profile) FROM "
        f"read_parquet('{tmp_path / 'out' / 'identities.parquet'}') GROUP BY customer ORDER BY 1"
    ).fetchall()
    assert [each for (each,) in rows] == [
        ["A", "B", "C", "G"],
        ["D"],
        ["E"],
        ["F"],
        ["H"],
        ["I"],
    ]

    def why(one: str, other: str) -> str:
        told = CliRunner().invoke(
            siyu_command,
            ["identity", str(POLICY), "--sources", str(tmp_path / "sources.yaml"), "--run",
             str(tmp_path / "out"), "--why", one, other, "--lang", "zh"],
        )  # fmt: skip
        assert told.exit_code == 0, told.output
        assert "139" not in told.output  # personal values stay masked
        return told.output

    assert "one_id.join.1" in why("mini_program:A", "tmall:C")
    assert "生日" in why("tmall:E", "store:F")

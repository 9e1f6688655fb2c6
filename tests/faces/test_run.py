"""`siyu run` and `siyu explain --run`: what they print, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from siyu.faces.cli import command
from tests.population.run.bases import Base, customer, make_base

POLICY = """tier grade by spend
  high from 100 yuan
  low otherwise

ensure sane: never spend > 9000 yuan

"""
AT = ("--as-of", "2026-11-21 10:00")


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return make_base(tmp_path, POLICY, {"customers": [customer("A", "500"), customer("B", "x")]})


def siyu(*args: object) -> tuple[int, str, str]:
    found = CliRunner().invoke(command, [str(each) for each in args])
    return found.exit_code, found.stdout, found.stderr


def test_a_run_says_what_it_decided(base: Base) -> None:
    night = base.folder / "night"
    code, out, err = siyu("run", base.policy, *AT, "-o", night)
    assert code == 0
    assert err.startswith("warning: 1 of 2 customers (50.0 %) are set aside"), err
    assert "`siyu sources check` says which" in err
    assert "店: decided about 1 customer; 1 set aside" in out
    assert f"the run lies in {night}" in out
    assert "holds" in out and "customer" in out
    assert (night / "run.json").is_file()


def test_whoever_says_how_many_may_be_set_aside_is_not_warned(base: Base) -> None:
    code, _, err = siyu("run", base.policy, *AT, "-o", base.folder / "n", "--max-rejects", "60%")
    assert (code, err) == (0, "")


def test_a_run_for_machines(base: Base) -> None:
    code, out, _ = siyu("run", base.policy, *AT, "-o", base.folder / "n", "--format", "json")
    told = json.loads(out)
    assert code == 0 and told["place"] == str(base.folder / "n")
    assert told["run"]["customers"] == {"read": 2, "decided": 1, "rejected": 1}
    assert told["warnings"] == told["run"]["warnings"] != []
    assert told["why"] == [] and told["timings"]["total"] > 0


def test_a_false_claim_is_its_own_exit_code(base: Base) -> None:
    (base.folder / "customers.jsonl").write_text(json.dumps(customer("A", "9999")) + "\n")
    code, out, err = siyu("run", base.policy, *AT, "-o", base.folder / "night")
    assert code == 3 and not (base.folder / "night").exists()
    assert "the claim `sane` does not hold for 1 customer" in err and "nothing is published" in err
    assert "does not hold" in out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--as-of", "someday"), 2, "is no time"),
        ((*AT, "--master", "local[2]"), 2, "--master goes with"),
        ((*AT, "--engine", "spark", "--threads", "2"), 2, "--threads goes with"),
        ((*AT, "--spark-conf", "spark.a=1"), 2, "--spark-conf goes with"),
        ((*AT, "--engine", "spark", "--spark-conf", "memory=1g"), 2, "say a setting such as"),
        ((*AT, "--engine", "spark", "--spark-conf", "spark.a"), 2, "say a setting such as"),
        ((*AT, "--events", "sold"), 2, "no event `sold`"),
        ((*AT, "--max-rejects", "0"), 1, "1 of 2 customers are set aside"),
        ((*AT, "--sources", "nowhere.yaml"), 2, "no file `nowhere.yaml`"),
        ((*AT, "--memory", "lots"), 2, "lots"),
    ],
)
def test_what_is_wrong_is_said(base: Base, args: tuple[str, ...], code: int, said: str) -> None:
    found, _, err = siyu("run", base.policy, *args, "-o", base.folder / "night")
    assert (found, said in err) == (code, True), err
    assert not (base.folder / "night").exists()


def test_a_customer_of_a_run_is_explained(base: Base) -> None:
    night = base.folder / "night"
    siyu("run", base.policy, *AT, "-o", night)
    code, out, _ = siyu("explain", base.policy, "--run", night, "--customer", "A", "grade")
    assert code == 0 and "high" in out
    code, _, err = siyu("explain", base.policy, "--run", night, "--customer", "B")
    assert code == 1 and "was set aside by this run" in err
    assert "mend these rows" in err and "look at the key" not in err
    code, _, err = siyu("explain", base.policy, "--run", night)
    assert code == 2 and "--customer KEY" in err
    code, _, err = siyu("explain", base.policy, "--run", night, "--customer", "A", *AT)
    assert code == 2 and "--run brings its own" in err
    code, _, err = siyu("explain", base.policy, "--event", "o1", "--customer", "A")
    assert code == 2 and "go with --run" in err
    (base.folder / "customers.jsonl").write_text(json.dumps(customer("A", "1")) + "\n")
    code, _, err = siyu("explain", base.policy, "--run", night, "--customer", "A")
    assert code == 1 and "`customer` changed since the run" in err


def test_metrics_are_explained_where_there_is_nothing_else(tmp_path: Path) -> None:
    base = make_base(tmp_path, "metric twice = spend * 2\n", {"customers": [customer("A", "21")]})
    night = base.folder / "night"
    siyu("run", base.policy, *AT, "-o", night)
    code, out, _ = siyu("explain", base.policy, "--run", night, "--customer", "A")
    assert code == 0 and "twice" in out and "42" in out


def test_a_given_metric_that_is_null_is_worked_out(tmp_path: Path) -> None:
    rows = [{**customer("A", "21"), "given": "5"}, {**customer("B", "21"), "given": None}]
    base = make_base(tmp_path, "metric twice = spend * 2\n", {"customers": rows})
    sources = base.folder / "sources.yaml"
    text = sources.read_text().replace(
        "customers.jsonl}", "customers.jsonl, metrics: {twice: given}}"
    )
    sources.write_text(text)
    base.run()
    told = {row["customer"]: str(row["twice"]) for row in base.rows("night")}
    assert told == {"A": "5.00", "B": "42.00"}
    for key, value in told.items():
        code, out, _ = siyu(
            "explain", base.policy, "--run", base.folder / "night", "--customer", key
        )
        assert code == 0 and value.removesuffix(".00") in out


def test_a_link_is_no_place_for_a_run(base: Base) -> None:
    (base.folder / "night").mkdir()
    (base.folder / "last").symlink_to("night")
    code, _, err = siyu("run", base.policy, *AT, "-o", base.folder / "last", "--force")
    assert code == 2 and "is a link" in err and "the folder to which it leads" in err


def test_a_run_in_chinese_speaks_of_everything(base: Base) -> None:
    code, out, _ = siyu("run", base.policy, *AT, "-o", base.folder / "night", "--lang", "zh")
    assert code == 0 and "店" in out

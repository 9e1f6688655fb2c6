"""What `siyu help` says of things that are no single word of the language: units, time, tests…"""

from __future__ import annotations

from dataclasses import dataclass

from siyu.words import Said, Tongue, say


@dataclass(frozen=True, slots=True)
class Concept:
    """A topic: the words it is asked for with, what it is, its text, an example that compiles as a
    policy's declarations, and other topics worth reading."""

    words: tuple[str, ...]
    title: Said
    text: Said
    example: str = ""
    see: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The word that lists call it by."""
        return self.words[0]

    def called(self, tongue: Tongue) -> str:
        """The word that lists in a language call it by."""
        wide = (word for word in self.words if not word.isascii())
        return next(wide, self.name) if tongue == "zh" else self.name


CONCEPTS: tuple[Concept, ...] = (
    Concept(
        ("files", "header", "policy", "文件", "策略"),
        say("what a policy consists of"),
        say(
            "A policy is a text file. Its header names it and says which language, time zone, "
            "currency and schema it has; declarations follow, each `kind name \"label\"` with its "
            "clauses. Rules use names, people see labels. The order of declarations never matters; "
            "inside a declaration it matters where it is read from above: cases, levels, rows. "
            "`use \"other.siyu\"` brings in the declarations of another file of the folder. "
            "A comment runs from `#` to the end of the line."
        ),
        "segment loyal \"Loyal\"  # a comment\n  when orders_12m >= 4\n",
        ("schema", "languages", "segment"),
    ),
    Concept(
        ("schema", "facts", "数据结构", "事实"),
        say("what is known of a member: fields, tables, events"),
        say(
            "The schema file lists the fields of the member and of the events, and the tables of "
            "what belongs to a member. A field has a type, and may be `optional`, have a range, be "
            "`immutable` or personal (`pii`). A table has a key, a time and a role such as "
            "`contact log`. `siyu schema show FILE` prints it as a page, `siyu schema check FILE` "
            "finds its mistakes."
        ),
        "",
        ("unknown", "rows", "events"),
    ),
    Concept(
        ("values", "units", "numbers", "值", "单位"),
        say("amounts, durations, dates: every figure has its unit"),
        say(
            "Write `199 yuan` or `¥199`, `5%`, `30 days`, `12 months`, `2026-11-21`, `20:00`. "
            "Numbers are exact, in base ten. Units are checked: days compared with money are an "
            "error that says what was meant. `1 month` is no number of days."
        ),
        "metric ltv = lifetime_years * aov * orders_12m\n",
        ("time", "unknown"),
    ),
    Concept(
        ("unknown", "optional", "未知", "可选"),
        say("what becomes of a value that is missing"),
        say(
            "An optional field may be missing, and `max` of nothing is nothing: such a value is "
            "unknown, and so is what is built on it. A comparison with it is unknown too; a rule "
            "acts only on what is true. Where an unknown value stands under a `not` it could do "
            "harm, so you are asked to say what you mean: `x is known and …`, `x is unknown or …`, "
            "or a default, `(x otherwise 0)`."
        ),
        "segment grown_up\n  when age is known and not age < 18\n",
        ("values", "explain"),
    ),
    Concept(
        ("time", "window", "windows", "时间", "时间窗"),
        say("moments, days and windows"),
        say(
            "Every decision is made at a stated moment, `as_of`; nothing looks at the clock. "
            "`over last 12 months` and `within last 30 days` roll with it; `in this month` and "
            "`per month` are those of the calendar, and weeks begin on Monday. Days are days of "
            "the policy's time zone, and months end where months end: 31 January and one month is "
            "the last of February."
        ),
        "metric visits = count(orders over last 30 days)\n",
        ("rows", "limit"),
    ),
    Concept(
        ("rows", "aggregates", "tables", "行", "聚合"),
        say("counting and summing what belongs to a member"),
        say(
            "`count`, `sum`, `avg`, `min`, `max`, `distinct`, `exists`, `latest` and `earliest` "
            "run over the rows of a table, `where` a condition is true and `over last` a window. "
            "Inside `where` the table's columns are seen first. Over nothing, counts and sums are "
            "0 and the others unknown."
        ),
        "metric spend = sum(orders.amount over last 12 months where status is paid)\n",
        ("view", "metric", "time"),
    ),
    Concept(
        ("population", "calibration", "everyone", "全体", "总体"),
        say("comparing a member with everybody"),
        say(
            "`top 5% by spend_12m` and `population median(x)` need everybody. Their figures are "
            "computed once for a whole base and kept in a calibration file, which is given with "
            "`--calibration`; a policy that needs one does not decide without it."
        ),
        "segment best\n  when top 5% by spend_12m\n",
        ("tier", "segment"),
    ),
    Concept(
        ("events", "event", "事件"),
        say("rules that act when something happens"),
        say(
            "A rule `on` an event, such as points on `order_paid`, is decided in a request that "
            "brings that event; rules without `on` in requests without one. The event's fields are "
            "`event.amount` and so on. Its key makes sure that nothing is posted twice."
        ),
        "points bonus on order_paid\n  earn 1 per 1 yuan of event.amount\n",
        ("points", "contact"),
    ),
    Concept(
        ("explain", "explanations", "why", "解释", "为什么"),
        say("why, why not, and what would change it"),
        say(
            "`siyu explain POLICY --customers FILE --customer KEY RULE` says why, down to the rows "
            "that counted; `--why-not RULE` names everything that is in the way; `--what-if` adds "
            "the smallest change of each figure that turns the outcome. `--format html -o FILE` "
            "writes a page that prints well, `--lang zh` speaks Chinese. Personal fields are "
            "masked unless `--show-pii` is given."
        ),
        "",
        ("unknown", "tests"),
    ),
    Concept(
        ("tests", "coverage", "persona", "测试用例", "覆盖率"),
        say("examples that a policy must get right, and what they leave out"),
        say(
            "A `test` gives facts and expects outcomes; `siyu test` runs it on every evaluator. "
            "`given customer like \"…\"` begins with the member of another test. `--coverage` "
            "shows which conditions were seen true, false, unknown, and deciding alone; "
            "`--suggest` writes the tests that are missing, for a person to confirm; "
            "`--fail-under 90` keeps a level."
        ),
        "",
        ("test", "lints"),
    ),
    Concept(
        ("lints", "warnings", "检查项", "检查", "警告"),
        say("what is allowed, and probably not meant"),
        say(
            "`siyu check` warns of conditions that can never hold, rules without a test, contacts "
            "without a limit and the like. `siyu lint` lists them all. How severe each is stands "
            "in `siyu.yaml` beside the policy: `off`, `warning` or `error`; "
            "`siyu lint --set NAME=off` writes it there."
        ),
        "",
        ("tests", "files"),
    ),
    Concept(
        ("languages", "chinese", "keywords", "中文", "关键字"),
        say("policies in English and in Chinese"),
        say(
            "Every keyword has an English and a Chinese spelling, and a file may use both. "
            "`siyu fmt --keywords zh` rewrites a file in Chinese, `--keywords en` back. What siyu "
            "itself says is in the language of `--lang`, of `SIYU_LANG`, or of the environment."
        ),
        "分群 loyal \"忠诚会员\"\n  当 orders_12m >= 4\n",
        ("files",),
    ),
)  # fmt: skip

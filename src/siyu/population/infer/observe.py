"""Looking at every row of a table, in a few scans."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from siyu.population.infer.files import named, unreadable
from siyu.population.infer.model import Kind, Looks, Place, Seen, TableSeen

if TYPE_CHECKING:
    import duckdb

FEW = 200  # different words that are counted one by one
MOST_SCALE = 9
BROKEN = "�"

# What texts can be, in the order in which it is asked; all values must match.
TEXTS: dict[str, str] = {
    "bool": "true|false|True|False|TRUE|FALSE",
    "yes": "是|否|有|无|Y|N|y|n|yes|no|Yes|No|YES|NO",
    "int": "-?(0|[1-9][0-9]{0,17})",
    "decimal": r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "slashed": "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}",
    "chinese": "[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日",
    "datetime": "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
    "(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)?",
    "slashed_time": "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?",
    "zoned": ".*[0-9](Z|z|[+-][0-9]{2}(:?[0-9]{2})?)",
    "seconds": ".*:[0-9]{2}:[0-9]{2}.*",
    "time": "[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?",
    "phone": r"(\+?86)?[ -]?1[3-9][0-9]{9}",
    "email": r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}",
    "id_card": "[1-9][0-9]{16}[0-9Xx]",
    "plate": "[一-龥][A-Z][A-Z0-9]{5,6}",
}
LOOKS: tuple[Looks, ...] = ("phone", "email", "id_card", "plate")
AFFIRMATIVE = ("是", "有", "Y", "y", "yes", "Yes", "YES")
FORMS = {"slashed": "%Y/%m/%d", "chinese": "%Y年%m月%d日"}


def observe(
    engine: duckdb.DuckDBPyConnection, place: Place, done: Callable[[], None] = lambda: None
) -> TableSeen:
    """What stands in a table; raises InferFailed where it cannot be read."""
    import duckdb

    try:
        described = engine.execute(f"DESCRIBE SELECT * FROM {place.select}").fetchall()
        columns = [(str(name), str(kind)) for name, kind, *_ in described]
        table = _observe(engine, place, columns)
    except duckdb.Error as error:
        raise unreadable(place.paths[0], error) from None
    done()
    return table


def _observe(
    engine: duckdb.DuckDBPyConnection, place: Place, columns: list[tuple[str, str]]
) -> TableSeen:
    asked: list[str] = ["count(*)"]
    plans: list[tuple[str, str, int, int]] = []
    for name, kind in columns:
        questions = _questions(name, kind)
        plans.append((name, kind, len(asked), len(questions)))
        asked += questions
    row = engine.execute(f"SELECT {', '.join(asked)} FROM {place.select}").fetchone()
    assert row is not None
    rows = int(row[0])
    seen = [_seen(name, kind, rows, row[start : start + many]) for name, kind, start, many in plans]
    return TableSeen(place, rows, tuple(_closer(engine, place, each) for each in seen))


def _text(name: str, kind: str) -> str:
    """A column as text, empty cells being none."""
    return f"nullif({named(name)}::VARCHAR, '')" if kind == "VARCHAR" else f"{named(name)}::VARCHAR"


def _questions(name: str, kind: str) -> list[str]:
    column = named(name)
    if kind == "VARCHAR":
        column = _text(name, kind)
    if "[" in kind or "STRUCT" in kind or "MAP" in kind or kind == "JSON":
        return [f"count({named(name)})"]
    asked = [
        f"count({column})",
        f"approx_count_distinct({column})",
        f"min({column})::VARCHAR",
        f"max({column})::VARCHAR",
    ]
    if kind == "VARCHAR":
        asked += [
            f"count(*) FILTER (regexp_full_match({column}, $re${pattern}$re$))"
            for pattern in TEXTS.values()
        ]
        fraction = f"regexp_extract({column}, '\\.([0-9]+)$', 1)"
        asked.append(f"max(length({fraction}))")
        number = f"CASE WHEN regexp_full_match({column}, $re${TEXTS['decimal']}$re$) THEN "
        number += f"try_cast({column} AS DECIMAL(38, 9)) END"
        asked += [f"min({number})::VARCHAR", f"max({number})::VARCHAR"]
        asked.append(f"count(*) FILTER (regexp_matches({column}, '[;|、,，]'))")
    elif kind in ("DOUBLE", "FLOAT"):
        digits = f"regexp_extract({column}::VARCHAR, '\\.([0-9]+)$', 1)"
        asked.append(f"max(CASE WHEN {digits} = '0' THEN 0 ELSE length({digits}) END)")
        asked.append(f"count(*) FILTER (NOT isfinite({column}) OR abs({column}) >= 1e15)")
    return asked


def _seen(name: str, kind: str, rows: int, found: tuple[Any, ...]) -> Seen:
    """A column by its type in the file, and by what its texts are."""
    known = int(found[0])
    if known == 0:
        return Seen(name, "nothing", rows, 0, 0)
    if kind == "VARCHAR[]":
        return Seen(name, "set", rows, known, known)
    if len(found) == 1:
        return Seen(name, "rows", rows, known, known)
    distinct, low, high = int(found[1]), found[2], found[3]
    if kind == "VARCHAR":
        return _of_text(name, rows, known, distinct, found)
    if kind == "BOOLEAN":
        return Seen(name, "bool", rows, known, distinct)
    if kind in ("DATE", "TIME"):
        same: Kind = "date" if kind == "DATE" else "time"
        return Seen(name, same, rows, known, distinct, low=low, high=high)
    if kind.startswith("TIMESTAMP"):
        zoned = "WITH TIME ZONE" in kind or "TIMESTAMPTZ" in kind
        return Seen(name, "datetime", rows, known, distinct, low=low, high=high, zoned=zoned)
    if kind in ("DOUBLE", "FLOAT"):
        return _of_float(name, rows, known, distinct, found)
    if kind.startswith("DECIMAL"):
        scale = int(kind.rpartition(",")[2].rstrip(")"))
        whole: Kind = "decimal" if scale else "int"
        least, most = Decimal(low), Decimal(high)
        return Seen(name, whole, rows, known, distinct, False, least, most, min(scale, MOST_SCALE))
    if kind.endswith("INT") or kind in ("INTEGER", "UINTEGER"):
        return Seen(name, "int", rows, known, distinct, False, Decimal(low), Decimal(high))
    return Seen(name, "text", rows, known, distinct)


def _of_float(name: str, rows: int, known: int, distinct: int, found: tuple[Any, ...]) -> Seen:
    digits, odd = int(found[4] or 0), int(found[5])
    if odd:
        return Seen(name, "decimal", rows, known, distinct, scale=MOST_SCALE, floats=True)
    low, high = Decimal(found[2]), Decimal(found[3])
    kind: Kind = "decimal" if digits else "int"
    return Seen(
        name, kind, rows, known, distinct, False, low, high, min(digits, MOST_SCALE), floats=True
    )


def _of_text(name: str, rows: int, known: int, distinct: int, found: tuple[Any, ...]) -> Seen:
    counts = dict(zip(TEXTS, (int(each) for each in found[4 : 4 + len(TEXTS)]), strict=True))
    scale, least, most, parted = found[4 + len(TEXTS) :]
    low, high = found[2], found[3]
    looks: Looks = next((each for each in LOOKS if counts[each] >= 0.9 * known), "")

    def every(what: str) -> bool:
        return counts[what] == known

    if looks in ("phone", "id_card") or (looks and not every("int")):
        return Seen(name, "text", rows, known, distinct, looks=looks)
    if every("bool"):
        return Seen(name, "bool", rows, known, distinct)
    if every("yes"):
        return Seen(name, "bool", rows, known, distinct, yes=" ", no=" ")
    if every("int"):
        return Seen(name, "int", rows, known, distinct, False, Decimal(least), Decimal(most))
    if every("decimal"):
        bounds = (Decimal(least), Decimal(most))
        return Seen(name, "decimal", rows, known, distinct, False, *bounds, int(scale or 0))
    if every("date"):
        return Seen(name, "date", rows, known, distinct, low=low, high=high)
    for each, form in FORMS.items():
        if every(each):
            return Seen(name, "date", rows, known, distinct, form=form)
    if every("datetime"):
        zoned = counts["zoned"] == known
        return Seen(name, "datetime", rows, known, distinct, low=low, high=high, zoned=zoned)
    if every("slashed_time"):
        form = "%Y/%m/%d %H:%M:%S" if counts["seconds"] == known else "%Y/%m/%d %H:%M"
        return Seen(name, "datetime", rows, known, distinct, form=form, zoned=False)
    if every("time"):
        return Seen(name, "time", rows, known, distinct)
    mark = ";" if parted else None
    return Seen(name, "text", rows, known, distinct, separator=mark)


def _closer(engine: duckdb.DuckDBPyConnection, place: Place, seen: Seen) -> Seen:
    """A second look: at words where there are few, and whether values that look unique are."""
    from dataclasses import replace

    column = f"nullif({named(seen.name)}::VARCHAR, '')"
    if seen.yes or (seen.kind == "text" and 0 < seen.distinct <= FEW and not seen.looks):
        found = engine.execute(
            f"SELECT {column} AS word, count(*) FROM {place.select} WHERE word IS NOT NULL "
            "GROUP BY word ORDER BY 2 DESC, 1"
        ).fetchall()
        words = tuple((str(word), int(count)) for word, count in found)
        seen = replace(seen, members=words, distinct=len(words))
        if seen.yes:
            yes = next((word for word, _ in words if word in AFFIRMATIVE), None)
            no = next((word for word, _ in words if word not in AFFIRMATIVE), None)
            seen = replace(seen, yes=yes, no=no)
        if seen.separator and words:
            seen = replace(seen, separator=_mark(words))
    elif seen.separator:
        found = engine.execute(f"SELECT {column}, 1 FROM {place.select} LIMIT 1000").fetchall()
        seen = replace(seen, separator=_mark(tuple((str(w), 1) for w, _ in found if w)))
    may_be_key = seen.kind in ("int", "text") and not seen.floats
    if may_be_key and seen.missing == 0 and seen.distinct >= 0.8 * seen.rows:
        count = engine.execute(f"SELECT count(DISTINCT {column}) FROM {place.select}").fetchone()
        seen = replace(seen, unique=count is not None and count[0] == seen.rows)
    return seen


def _mark(words: tuple[tuple[str, int], ...]) -> str:
    marks = ";|、，,"
    return max(marks, key=lambda mark: (sum(mark in word for word, _ in words), -marks.index(mark)))

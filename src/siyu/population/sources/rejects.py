"""Why rows and customers are set aside: SELECTs of one row per reason, worded as records' are.

Columns, all text: `source` (the table), `kind` ("customer" or "row": the customer is rejected;
"orphan": a row of nobody, which hurts nobody), `customer`, `key` (the row's, or its line in a text
file), `field`, `code`, `reason`. Private values are not shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from siyu.evaluators.sql.dialects import DIALECTS
from siyu.functions.declaration import Dialect
from siyu.functions.sql import literal
from siyu.population.sources.cells import UNDECODED, UNEVEN
from siyu.population.sources.convert import Why
from siyu.population.sources.model import CUSTOMER
from siyu.population.sources.rows import RowsView, belongs, owner_text
from siyu.population.sources.scan import Read, Scan
from siyu.population.sources.sqltext import any_of, as_text, name
from siyu.population.sources.staged import Staged
from siyu.types import ROWS_LIMIT
from siyu.words import ENGLISH, Said, Speech, Words, say

COLUMNS = ("source", "kind", "customer", "key", "field", "code", "reason")
MISSING_HERE = say("is missing")
MAX_SHOWN = 40
NO_KEY = say("does not say which customer it belongs to")
NO_CUSTOMER = say("belongs to no customer")
NO_PARENT = say("belongs to no row of `{path}`")
TWICE = say("stands in more than one row")
DIFFER = say("is the key of two rows that differ")
MISTAKES: dict[str, Said] = {
    UNDECODED: say("is not in the encoding of its file"),
    UNEVEN: say("has another number of cells than the first line"),
}
UNREADABLE = say("cannot be read")
BELONGS, KNOWN, DECIDED = "whose", "known", "theirs"  # columns beside those of the layers


def rejects(staged: Staged, speech: Speech = ENGLISH, nobody_hurt: bool = False) -> tuple[str, ...]:
    """A SELECT for each thing that is wrong, to be joined by UNION ALL. `nobody_hurt`: no customer
    is set aside, so that only rows of nobody are looked for.

    Each table is read once: its rows with which anything is wrong become a table of the engine, and
    what it is is asked of those few. Fifty questions to whole tables took a minute to plan.
    """
    return tuple(_Rejects(staged, speech, nobody_hurt).all())


def rejects_select(staged: Staged, speech: Speech = ENGLISH) -> str:
    """All of them, in an order that is the same every time."""
    union = " UNION ALL ".join(rejects(staged, speech)) or nothing(staged.sources.engine.name)
    return f"SELECT {', '.join(COLUMNS)} FROM ({union}) u ORDER BY {', '.join(COLUMNS)}"


def nothing(dialect: Dialect) -> str:
    """The SELECT of no row."""
    text = DIALECTS[dialect].text
    items = (f"CAST(NULL AS {text}) AS {name(column, dialect)}" for column in COLUMNS)
    return f"SELECT {', '.join(items)} WHERE FALSE"


class _Rejects:
    def __init__(self, staged: Staged, speech: Speech, nobody_hurt: bool) -> None:
        self.staged = staged
        self.speech = speech
        self.nobody_hurt = nobody_hurt
        self.tables = 0
        self.dialect: Dialect = staged.sources.engine.name
        self.text_type = DIALECTS[self.dialect].text

    def all(self) -> Iterator[str]:
        customers = self.staged.customers
        for at, scan in enumerate(customers.scans):
            key = customers.reads[self.staged.plan.key][1] if at == 0 else scan.reads[0]
            own = [
                read for each, read in customers.reads.values() if each == at and read is not key
            ]
            own += [*customers.metrics.values()] if at == 0 else []
            yield from self._scan(scan, key, own, belongs_of(scan, key), None, CUSTOMER)
            if at and not self.nobody_hurt:
                yield from self._no_row(at, own)
        for source, table in {} if self.nobody_hurt else customers.twice.items():
            yield self._select(
                source, CUSTOMER, "key", "NULL", "", "repeated", TWICE, self._theirs(table)
            )
        for view in [
            *self.staged.views.values(),
            *([self.staged.event] if self.staged.event else []),
        ]:
            yield from self._rows(view)

    def _rows(self, view: RowsView) -> Iterator[str]:
        scan, owners = view.scan, view.owners
        key = next((read for read in view.own if read.field.name == view.key), None)
        owner = scan.reads[0]
        yield from self._scan(scan, owner, list(view.own), belongs(scan, owners), key, "row")
        if owners > 1:
            yield self._no_parent(view, key)
        if self.nobody_hurt:
            return
        source = scan.opened.table.name
        if view.twice is not None and view.key is not None:
            text = as_text(view.fields[view.key], self.dialect)
            yield self._select(
                source, "row", "key", text, view.key, "differs", DIFFER, self._theirs(view.twice)
            )
        if view.many is not None:
            told = say("must have at most {most} rows", most=ROWS_LIMIT)
            yield self._select(
                source, CUSTOMER, "key", "NULL", "", "many", told, self._theirs(view.many)
            )

    def _scan(
        self, scan: Scan, owner: Read, own: list[Read], belonging: str, key: Read | None, kind: str
    ) -> Iterator[str]:
        """Rows that belong to nobody, rows that cannot be read, and fields that are wrong."""
        source = scan.opened.table.name
        rows = self._wrong(scan, owner, own, belonging)
        if rows is None:
            return
        customer = owner_text(owner, self.dialect)
        row = self._row_key(key)
        arms = " ".join(
            f"WHEN {literal(word, self.dialect)} THEN {self._say(said)}"
            for word, said in MISTAKES.items()
        )
        unread = f"CASE m {arms} ELSE {self._say(UNREADABLE)} END"
        unreadable, without = self._say("unreadable"), self._say("no_key")
        code = f"CASE WHEN m IS NOT NULL THEN {unreadable} ELSE {without} END"
        reason = f"CASE WHEN m IS NOT NULL THEN {unread} ELSE {self._say(NO_KEY)} END"
        yield self._raw(source, "orphan", customer, row, owner.field.name, code, reason,
                        f"{rows} WHERE NOT {BELONGS}")  # fmt: skip
        if scan is not self.staged.customers.scans[0]:
            yield self._select(source, "orphan", customer, row, owner.field.name, "no_customer",
                               NO_CUSTOMER, f"{rows} WHERE {BELONGS} AND NOT {KNOWN}")  # fmt: skip
        if self.nobody_hurt:
            return
        # Rows of nobody, and of those who are left out, hurt nobody.
        theirs = f"{rows} WHERE {BELONGS} AND {DECIDED}"
        if scan.opened.cells:
            where = f"{theirs} AND m IS NOT NULL"
            yield self._raw(source, kind, customer, row, "", unreadable, unread, where)
        for read in own:
            if read.made is None:
                continue
            where = f"{theirs} AND m IS NULL AND {read.wrong()}"
            code, reason = self._why(read)
            yield self._raw(source, kind, customer, row, read.field.name, code, reason, where)

    def _wrong(self, scan: Scan, owner: Read, own: list[Read], belonging: str) -> str | None:
        """The table of the rows with which anything is wrong, with the columns of the layers and
        whether the row says whose it is, whether that is a customer, and one who is decided about;
        None where there is no such row."""
        asked = [f"NOT {BELONGS}"]
        if not self.nobody_hurt:
            wrong = [read.wrong() for read in own if read.made is not None]
            wrong += ["m IS NOT NULL"] if scan.opened.cells else []
            asked += [f"({any_of(wrong)})"]
        rows = f"SELECT *, COALESCE({belonging}, FALSE) AS {BELONGS} FROM ({scan.layers()}) l"
        if scan is self.staged.customers.scans[0]:
            select = f"SELECT *, TRUE AS {DECIDED} FROM ({rows}) b"
        else:
            asked.append(f"NOT {KNOWN}")
            whose = owner_text(owner, self.dialect, "b")
            select = (
                f"SELECT b.*, k.key IS NOT NULL AS {KNOWN}, d.key IS NOT NULL AS {DECIDED} "
                f"FROM ({rows}) b LEFT JOIN (SELECT DISTINCT key FROM ({self._known()}) c) k "
                f"ON k.key = {whose} LEFT JOIN (SELECT DISTINCT key FROM "
                f"{self.staged.customers.views[0]}) d ON d.key = {whose}"
            )
        self.tables += 1
        table = f"{self.staged.name}_wrong_{self.tables}"
        found = self.staged.sources.engine.table(
            table, f"SELECT * FROM ({select}) w WHERE {' OR '.join(asked)}"
        )
        return table if found else None

    def _no_row(self, at: int, own: list[Read]) -> Iterator[str]:
        """Customers whom a further table does not know, and fields that must be there."""
        customers = self.staged.customers
        source = customers.scans[at].opened.table.name
        for read in own:
            if read.wrong() == f"h{read.at} IS NULL":
                where = (
                    f"{customers.views[0]} c WHERE NOT EXISTS (SELECT 1 FROM "
                    f"{customers.views[at]} o WHERE o.key = c.key)"
                )
                yield self._select(source, CUSTOMER, "key", "NULL", read.field.name, "missing",
                                   MISSING_HERE, where)  # fmt: skip

    def _theirs(self, table: str) -> str:
        """What a table says of customers who are not left out."""
        of_them = f"SELECT 1 FROM {self.staged.customers.views[0]} c WHERE c.key = t.key"
        return f"{table} t WHERE EXISTS ({of_them})"

    def _known(self) -> str:
        """Keys of all customers, of those too whom the filter leaves out."""
        customers = self.staged.customers
        scan = customers.scans[0]
        key = customers.reads[self.staged.plan.key][1]
        text = owner_text(key, self.dialect)
        return f"SELECT {text} AS key FROM ({scan.layers(unfiltered=True)}) l"

    def _no_parent(self, view: RowsView, key: Read | None) -> str:
        path = view.path.rpartition(".")[0]
        around = self.staged.views[path]
        assert around.key is not None
        tests = ["p.key = v.key"]
        tests += [f"p.k{at} = v.k{at}" for at in range(1, view.owners - 1)]
        tests.append(f"p.{around.fields[around.key]} = v.k{view.owners - 1}")
        row = "NULL"
        if view.key is not None:
            row = as_text(f"v.{view.fields[view.key]}", self.dialect)
        where = (
            f"{view.view} v WHERE NOT EXISTS (SELECT 1 FROM {around.view} p WHERE "
            f"{' AND '.join(tests)}) AND EXISTS (SELECT 1 FROM ({self._known()}) c WHERE "
            "c.key = v.key)"
        )
        told = Said(NO_PARENT.template, (("path", path),))
        return self._select(view.scan.opened.table.name, "orphan", "v.key", row, "", "no_parent",
                            told, where)  # fmt: skip

    # ------------------------------------------------------------ words

    def _why(self, read: Read) -> tuple[str, str]:
        """The code and the reason of a field that is wrong."""
        assert read.made is not None
        arms = [("missing", f"NOT {read.made.given}", self._say(MISSING_HERE))]
        arms += [
            (why.code, f"({why.condition})", self._reason(why, read)) for why in read.made.whys
        ]
        arms = [(code, f"({test})", reason) for code, test, reason in arms]
        codes = " ".join(f"WHEN {t} THEN {literal(c, self.dialect)}" for c, t, _ in arms)
        reasons = " ".join(f"WHEN {t} THEN {r}" for _, t, r in arms)
        last = literal("type", self.dialect)
        fallback = self._reason(read.made.whys[-1], read)
        return f"CASE {codes} ELSE {last} END", f"CASE {reasons} ELSE {fallback} END"

    def _reason(self, why: Why, read: Read) -> str:
        """The sentence; with what stood there, where that is not private."""
        assert read.made is not None
        if read.field.pii or not why.shown:
            return self._say(why.wanted)
        mark = "\x01"
        text = self.speech.of(say("{wanted}, not {found}", wanted=why.wanted, found=f"`{mark}`"))
        before, _, behind = text.partition(mark)
        plain = f"regexp_replace({read.made.raw}, '[[:cntrl:]]', '�')"
        if self.dialect == "duckdb":
            plain = f"regexp_replace({read.made.raw}, '[[:cntrl:]]', '�', 'g')"
        else:
            plain = f"regexp_replace({read.made.raw}, '[\\\\x00-\\\\x1f]', '�')"
        shown = (
            f"CASE WHEN length({plain}) > {MAX_SHOWN} THEN concat(substr({plain}, 1, "
            f"{MAX_SHOWN - 1}), '…') ELSE {plain} END"
        )
        ends = literal(before, self.dialect), literal(behind, self.dialect)
        return f"concat({ends[0]}, {shown}, {ends[1]})"

    def _say(self, words: Words) -> str:
        return literal(self.speech.of(words), self.dialect)

    def _row_key(self, key: Read | None) -> str:
        line = self.speech.of(say("line {line}", line="\x01")).partition("\x01")
        lines = f"concat({literal(line[0], self.dialect)}, ln, {literal(line[2], self.dialect)})"
        none = f"CASE WHEN ln IS NOT NULL THEN {lines} END"
        return none if key is None else f"COALESCE({as_text(key.held, self.dialect)}, {none})"

    def _select(
        self, source: str, kind: str, customer: str, key: str, field: str, code: str, said: Words,
        where: str,
    ) -> str:  # fmt: skip
        return self._raw(source, kind, customer, key, field, literal(code, self.dialect),
                         self._say(said), where)  # fmt: skip

    def _raw(
        self, source: str, kind: str, customer: str, key: str, field: str, code: str, reason: str,
        where: str,
    ) -> str:  # fmt: skip
        shown = literal(field, self.dialect) if field else "NULL"
        values = (literal(source, self.dialect), literal(kind, self.dialect), customer, key, shown,
                  code, reason)  # fmt: skip
        items = (
            f"CAST({value} AS {self.text_type}) AS {name(column, self.dialect)}"
            for value, column in zip(values, COLUMNS, strict=True)
        )
        return f"SELECT {', '.join(items)} FROM {where}"


def belongs_of(scan: Scan, key: Read) -> str:
    """Whether a row of a customers' table says whose it is."""
    place = scan.reads.index(key)
    return belongs(Scan(scan.opened, scan.setting, [scan.reads[place]]), 1)

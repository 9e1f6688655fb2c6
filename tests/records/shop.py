"""A schema with every type and every way to be missing, and needs that read all of it."""

from siyu.core.ir import Input
from siyu.core.program import ColumnNeed, Needs, TableNeed
from siyu.records import Reader, reader
from siyu.schema import Collection, Field, Schema, load_schema
from siyu.text import Source
from siyu.types import DATETIME, TEXT, EnumType, LevelType, MoneyType, Type

TEXT_OF_SCHEMA = """\
schema: shop
EXTRA
enums:
  status: {placed: Placed, paid: Paid}
  size: {values: [s, m, l], ordered: true}
customer:
  key: id
  fields:
    id:      {type: text}
    age:     {type: int, min: 0, max: 120, optional: true}
    spend:   {type: money, min: 0}
    rate:    {type: decimal, scale: 3, optional: true}
    visits:  {type: int, default: 0}
    born:    {type: date, optional: true, pii: true, min: 1900-01-01, max: 2026-12-31}
    wakes:   {type: time, optional: true}
    seen:    {type: datetime, optional: true}
    stays:   {type: duration, unit: day, optional: true}
    tags:    {type: set of text, default: []}
    sizes:   {type: set of enum size, optional: true}
    size:    {type: enum size, optional: true}
    home:    {type: geo, optional: true}
    out:     {type: bool, role: opt-out}
    secret:  {type: text, optional: true, pii: true}
    level:   {type: level of tier, optional: true}
    unread:  {type: int}
collections:
  orders:
    key: order_id
    time: paid_at
    fields:
      order_id: {type: text}
      paid_at:  {type: datetime}
      amount:   {type: money, min: 0}
      status:   {type: enum status}
      note:     {type: text, optional: true}
      unread:   {type: int, optional: true}
    collections:
      lines:
        key: line_no
        fields:
          line_no: {type: int}
          qty:     {type: int, min: 0, default: 1}
          price:   {type: money}
      parcels:
        optional: true
        fields:
          code: {type: text}
  visits_log:
    default: []
    fields:
      on: {type: date}
  surveys:
    optional: true
    fields:
      score: {type: int, min: 0, max: 10}
  never_read:
    fields:
      n: {type: int}
events:
  paid:
    key: order_id
    time: at
    fields: {order_id: {type: int}, at: {type: datetime}, amount: {type: money}}
  asked:   {key: id, fields: {id: {type: text}, points: {type: int, min: 0, optional: true}}}
  unnamed: {fields: {n: {type: int, default: 3}}}
context:
  fields:
    weather: {type: text, optional: true}
    place:   {type: geo, optional: true}
"""


def schema_of(extra: str = "") -> Schema:
    """The schema, with `extra: ignore` or without."""
    source = Source.of("shop.yaml", TEXT_OF_SCHEMA.replace("EXTRA\n", extra))
    loaded = load_schema(source, "CNY")
    assert loaded.diagnostics == ()
    assert loaded.schema is not None
    return loaded.schema


TIER = EnumType("tier", ("plain", "gold"), ordered=True)
METRICS: dict[str, Type] = {
    "aov": MoneyType("CNY", 6),
    "size_now": EnumType("size", ("s", "m", "l")),
}


def columns(rows: Collection, *names: str) -> tuple[ColumnNeed, ...]:
    """Needs of some columns of a collection."""
    fields = (rows.fields[name] for name in names)
    return tuple(ColumnNeed(each.name, each.type, each.maybe_unknown) for each in fields)


def needs_of(schema: Schema) -> Needs:
    """Nearly everything; `unread` and `never_read` are left alone."""
    orders = schema.collections["orders"]
    lines, parcels = orders.collections["lines"], orders.collections["parcels"]
    inner = TableNeed("orders.lines", columns(lines, "qty"))
    own = columns(orders, "paid_at", "amount", "status", "note")
    around = ColumnNeed("orders.paid_at", DATETIME, False)
    tables = (
        TableNeed("orders", (*own, ColumnNeed("lines", TEXT, False, inner))),
        TableNeed("orders.lines", (*columns(lines, "price", "qty"), around)),
        TableNeed("orders.parcels", columns(parcels, "code"), optional=True),
        TableNeed("visits_log", columns(schema.collections["visits_log"], "on")),
        TableNeed("surveys", columns(schema.collections["surveys"], "score"), optional=True),
    )
    return Needs((*_inputs(schema), *_own_inputs()), tables)


def _inputs(schema: Schema) -> tuple[Input, ...]:
    customer = (Input("customer", f.name, _type(f)) for f in schema.fields.values())
    events = (
        Input("event", f"{event.name}.{f.name}", f.type)
        for event in schema.events.values()
        for f in event.fields.values()
    )
    context = (Input("context", f.name, f.type) for f in schema.context.values())
    return tuple(i for i in (*customer, *events, *context) if i.name != "unread")


def _own_inputs() -> tuple[Input, ...]:
    own = (("as_of", DATETIME), ("event", TEXT), ("event_key", TEXT), ("key", TEXT))
    return (
        *(Input("request", name, kind) for name, kind in own),
        Input("metric", "aov", METRICS["aov"]),
    )


def _type(field: Field) -> Type:
    return TIER if isinstance(field.type, LevelType) else field.type


def reader_of(extra: str = "") -> Reader:
    """A reader of the whole shop."""
    schema = schema_of(extra)
    return reader(schema, needs_of(schema), "Asia/Shanghai", metrics=METRICS)


READ = reader_of()
IGNORING = reader_of("extra: ignore\n")
NAMES = tuple((i.origin, i.name) for i in READ.plan.needs.inputs)
TABLES = tuple(table.path for table in READ.plan.needs.tables)

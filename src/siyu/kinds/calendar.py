"""`calendar`: lists of named days, from a file beside the policy."""

from __future__ import annotations

from siyu.kinds.kind import Kind
from siyu.semantics.build import FACTS, Build, Declared, Outcome
from siyu.syntax import ast


def lower(declared: Declared, build: Build) -> Outcome:
    assert isinstance(declared.node, ast.Calendar)
    return Outcome(declared.name, declared.kind, FACTS, days=build.days_of(declared.node))


KIND = Kind(
    "calendar",
    ast.Calendar,
    FACTS,
    lower,
    """Days that have a name: public holidays, working days that were moved, festivals, the days of
a sale. They stand in a YAML file of the policy's folder, or of a library, with where they come from
and for which days the lists are whole:

```yaml
calendar: 1
labels: {zh: 中国节假日, en: Holidays of China}
source: 国务院办公厅关于2026年部分节假日安排的通知
covers: {from: 2026-01-01, to: 2026-12-31}
days:
  national_day:
    label: {zh: 国庆节, en: National Day}
    dates: [2026-10-01..2026-10-07]
```

```siyu
calendar cn "Holidays of China" from "calendars/cn.yaml"

segment festive "National Day"
  when today is cn.national_day
```

Rules then ask of any date or moment whether its local date is in a list, as in
`today is cn.national_day` or `event.paid_at is not cn.holiday`. `next(cn.national_day)` is the
first of its days that is not before today, `last(cn.national_day)` the last one that is not after
today: `days until next(cn.national_day) <= 15 days`.

Outside of what `covers` says nobody can tell: there `is` is unknown, and so are `next` and `last`,
which are unknown as well where the list has no such day. A list may have `covers` of its own, where
its days are known for longer than the others. `(today is cn.holiday otherwise false)` says what to
take when nobody can tell. The days are part of the policy and of its digest.
""",
)

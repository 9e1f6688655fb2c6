"""What hangs together, by SQL alone: every node of a graph gets the least node that it is connected
with. Large stars and small stars take turns (each node is hung on the least of its neighbours, the
greater ones and then the smaller ones), so that a chain of a thousand nodes takes a dozen rounds,
and a value that a thousand share one."""

from __future__ import annotations

from siyu.population.engines import Engine


def components(engine: Engine, name: str, edges: str) -> tuple[str, int]:
    """Makes a table of `node` and `root`, its least connected node, of all nodes whose root is
    another one; its name, and how many rounds it took. `edges` is a SELECT of `u` and `v`, whole
    numbers, in any direction and any number of times."""
    here, there = f"{name}_edges_a", f"{name}_edges_b"
    engine.table(
        here,
        f"SELECT DISTINCT greatest(u, v) AS u, least(u, v) AS v FROM ({edges}) e WHERE u <> v",
    )
    rounds = 0
    while not _stars(engine, here):
        engine.table(there, _large_star(here))
        engine.table(here, _small_star(there))
        rounds += 1
    engine.view(name, f"SELECT u AS node, v AS root FROM {here}")
    return name, rounds


def _stars(engine: Engine, edges: str) -> bool:
    """Whether every node hangs on one other, and that one on none."""
    ((wrong,),) = engine.rows(
        f"SELECT count(*) FROM (SELECT u AS n FROM {edges} GROUP BY u HAVING count(*) > 1 UNION "
        f"ALL SELECT a.v FROM {edges} a WHERE a.v IN (SELECT u FROM {edges})) x"
    )
    return not wrong


def _large_star(edges: str) -> str:
    both = f"SELECT u AS a, v AS b FROM {edges} UNION ALL SELECT v, u FROM {edges}"
    least = f"SELECT a, least(a, min(b)) AS m FROM ({both}) s GROUP BY a"
    return (
        f"SELECT DISTINCT s.b AS u, m.m AS v FROM ({both}) s JOIN ({least}) m ON m.a = s.a "
        "WHERE s.b > s.a"
    )


def _small_star(edges: str) -> str:
    least = f"SELECT u, min(v) AS m FROM {edges} GROUP BY u"
    return (
        f"SELECT DISTINCT u, v FROM (SELECT e.v AS u, m.m AS v FROM {edges} e JOIN ({least}) m ON "
        f"m.u = e.u WHERE e.v <> m.m UNION ALL SELECT u, m FROM ({least}) l) x"
    )

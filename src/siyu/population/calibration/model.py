"""What a calibration finds in a population, before and after it stands in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siyu.core.ir import Held
from siyu.types import Type


@dataclass(frozen=True, slots=True)
class CutFound:
    """A cut: its held value (None: the population has none), of how many customers with a known
    value, how many reach it, and how many would without ties."""

    name: str
    value: int | None
    type: Type
    population: int
    reached: int
    meant: int
    is_top: bool
    moved: int | None = None  # customers between an earlier value of the cut and this one

    @property
    def swollen(self) -> bool:
        """Whether ties make a top share larger by a tenth or more."""
        return self.is_top and self.reached > self.meant and 10 * self.reached >= 11 * self.meant


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values that occur with the same customers; the measures are decimals of 6 digits, held.
    `customers` is how many have both."""

    first: str
    second: str
    customers: int
    support: int
    confidence: int
    lift: int


@dataclass(frozen=True, slots=True)
class PairsFound:
    """What goes with what, of one `recommend`, in the order of the file. `population`: customers
    with a known value; `values`: how many values there are, of which the `looked_at` most frequent
    were looked at; `left_out`: pairs that met the condition and are more than a file holds."""

    name: str
    population: int
    values: int
    looked_at: int
    pairs: tuple[Pair, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """Members whose balance is at least `start` and less than the next band's (None: from the
    least on)."""

    start: int | None
    members: int


@dataclass(frozen=True, slots=True)
class BalancesFound:
    """How the balances of a points account are spread. Held values of the account's type.

    `deciles` are of what members with postings hold; `before_first` and `before_each` of what they
    held just before their first, and before any, redemption. `bands` count today's members between
    the deciles of `before_first`, so that they show how many stand where others begin to redeem."""

    account: str
    type: Type
    members: int
    redeemers: int
    redemptions: int
    deciles: tuple[int | None, ...]
    before_first: tuple[int | None, ...]
    before_each: tuple[int | None, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """A distribution that the data do not give: `why` is a key of `WHY`."""

    account: str
    why: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything found at a moment. `sources` are digests of the tables read, by name."""

    policy: str
    version: int
    digest: str
    timezone: str
    as_of: int
    population: int
    cuts: tuple[CutFound, ...]
    pairs: tuple[PairsFound, ...] = ()
    distributions: tuple[BalancesFound | NotFound, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> Mapping[str, Held]:
        """The cuts as programs take them (`core.passes.specialise`)."""
        return {cut.name: cut.value for cut in self.cuts}

    @property
    def swollen(self) -> tuple[CutFound, ...]:
        """Top shares that ties make larger by a tenth or more."""
        return tuple(cut for cut in self.cuts if cut.swollen)

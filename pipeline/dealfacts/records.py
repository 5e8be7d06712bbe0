"""The record contract: what every stage reads and writes, one JSON object per line.

Offsets are Python character offsets into `Article.text`, end exclusive, and
`text[start:end] == mention.text` always holds. Amounts and values are canonical decimal
strings, never floats. Unknown keys of an article survive every stage.
"""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

DealType = Literal[
    "acquisition",
    "merger",
    "divestiture",
    "equity_stake",
    "investment",
    "funding_round",
    "debt_financing",
    "ipo",
    "licensing",
    "supply_contract",
    "partnership",
    "joint_venture",
    "asset_purchase",
]
Status = Literal["rumoured", "in_talks", "announced", "completed", "stalled", "cancelled", "denied"]
Role = Literal[
    "acquirer",
    "target",
    "seller",
    "investor",
    "lead_investor",
    "investee",
    "lender",
    "borrower",
    "licensor",
    "licensee",
    "supplier",
    "customer",
    "partner",
    "issuer",
]
DateRole = Literal["announced", "completed", "expected_close", "start", "deployment", "reported"]
Modifier = Literal["exact", "up_to", "at_least", "more_than", "less_than", "about"]
Label = Literal[
    "ORG",
    "PERSON",
    "GPE",
    "LOC",
    "PRODUCT",
    "MONEY",
    "PERCENT",
    "QUANTITY",
    "CARDINAL",
    "DATE",
    "DURATION",
]
NAME_LABELS: tuple[Label, ...] = ("ORG", "PERSON", "GPE", "LOC", "PRODUCT")


def canonical_decimal(text: str | int | Decimal) -> str:
    """Write a number the one way records hold it: plain notation, no exponent, no trailing zeros.

    Raises:
        ValueError: when `text` is not a finite decimal number.

    >>> canonical_decimal("1.50E+9")
    '1500000000'
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a decimal number: {text!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {text!r}")
    plain = format(number, "f")
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain


DecimalStr = Annotated[str, AfterValidator(canonical_decimal)]
"""A decimal number as a canonical string, such as `1500000000` or `12.5`."""


class _Value(BaseModel):
    """A normalised value; keys that hold their default flag are left out of the JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(_Value):
    """A sum of money: `amount` in units of `currency` (ISO 4217, null where undecidable).

    `amount` is null for ranges and vague sums, which set `min` and, where known, `max`.
    """

    amount: DecimalStr | None
    currency: str | None
    modifier: Modifier = "exact"
    min: DecimalStr | None = None
    max: DecimalStr | None = None
    currency_inferred: bool = Field(False, exclude_if=lambda flag: not flag)
    """True when the currency was taken from another amount of the same sentence."""
    per: str | None = Field(None, exclude_if=lambda unit: unit is None)
    """What the sum is counted by (`share`, `year`, `tonne`), for prices rather than totals."""


class Percent(_Value):
    """A percentage: `12.5` for 12.5 %. `unit` is `point` for percentage points."""

    percent: DecimalStr | None
    modifier: Modifier = "exact"
    min: DecimalStr | None = Field(None, exclude_if=lambda bound: bound is None)
    max: DecimalStr | None = Field(None, exclude_if=lambda bound: bound is None)
    unit: Literal["percent", "point"] = Field("percent", exclude_if=lambda unit: unit == "percent")


class Quantity(_Value):
    """A physical quantity or multiple; `unit` is a pint name such as `gigawatt`, or names goods (`train`)."""

    value: DecimalStr | None
    unit: str
    modifier: Modifier = "exact"
    min: DecimalStr | None = Field(None, exclude_if=lambda bound: bound is None)
    max: DecimalStr | None = Field(None, exclude_if=lambda bound: bound is None)


class Cardinal(_Value):
    """A bare or counted number; `counted` is what it counts (`employees`), where the text says so."""

    value: DecimalStr | None
    modifier: Modifier = "exact"
    min: DecimalStr | None = Field(None, exclude_if=lambda bound: bound is None)
    max: DecimalStr | None = Field(None, exclude_if=lambda bound: bound is None)
    counted: str | None = Field(None, exclude_if=lambda noun: noun is None)


class Timex(_Value):
    """A time expression (TIMEX3): value, EDTF form and the half-open day interval it covers.

    `timex` is `2025-09-22`, `2025-09`, `2026-Q3`, `2026-H2`, `2026-W07`, `P3M`, or `XXXX-11` where
    the year cannot be known; `start` and `end` are ISO dates, end exclusive, null where unknown.
    `mod` is the TIMEX3 modifier (`START`, `MID`, `END`, `APPROX`, `BEFORE`, `AFTER`) or null.
    """

    type: Literal["DATE", "TIME", "DURATION", "SET"]
    timex: str
    edtf: str | None = None
    start: str | None = None
    end: str | None = None
    mod: str | None = None
    fiscal: bool = Field(False, exclude_if=lambda flag: not flag)
    """True for fiscal years and quarters, whose borders only the company knows."""


class Name(_Value):
    """What a name or nominal mention stands for: the fullest `name` this article uses."""

    name: str
    kind: Literal["name", "nominal", "pronoun"] = Field("name", exclude_if=lambda kind: kind == "name")


Value = Money | Percent | Quantity | Cardinal | Timex | Name


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow")


class Span(_Record):
    """A stretch of the article text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Segment(Span):
    """A paragraph with its language (BCP 47) and how sure the detector is, 0 to 1."""

    lang: str
    confidence: float


class Boilerplate(Span):
    """A stretch of text that is not the story: `kind` is menu, form, caption, share, legal or title."""

    kind: str


class Sentence(Span):
    """One English sentence and the source offsets it was translated from."""

    text: str


class Translation(_Record):
    """The English reading of an article; every source sentence has exactly one entry."""

    lang: Literal["en"] = "en"
    model: str
    sentences: list[Sentence]


class Mention(_Record):
    """A name, figure or date in the text, with its normalised value and the stage that found it."""

    id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    label: Label
    value: Value | None = None
    stage: str


class Party(_Record):
    """Who plays a role in a fact: the name to show and the mentions it was read from."""

    name: str
    mention_ids: list[str] = []


class Evidence(Span):
    """The sentence a fact was read from, and its English translation where there is one."""

    text: str
    translation: str | None = None


class Attribution(_Record):
    """Who reported (a newspaper or agency) and who said it (a person or spokesperson)."""

    source: str | None = None
    speaker: str | None = None


class Fact(_Record):
    """One deal claim of one article."""

    id: str
    article_id: str
    type: DealType
    status: Status
    roles: dict[Role, list[Party]]
    amount: Money | None = None
    valuation: Money | None = None
    stake: Percent | None = None
    quantities: list[Quantity] = []
    dates: dict[DateRole, Timex] = {}
    binding: bool | None = None
    attribution: Attribution = Attribution()
    confidence: float = Field(ge=0, le=1)
    evidence: list[Evidence] = []


class Article(_Record):
    """One news article; the stages add keys and never rewrite `text`."""

    id: str = Field(min_length=1)
    url: str | None = None
    source: str | None = None
    title: str | None = None
    published: str | None = None
    """ISO date, or null: never guessed from the clock."""
    text: str
    boilerplate: list[Boilerplate] | None = None
    lang: str | None = None
    lang_confidence: float | None = None
    segments: list[Segment] | None = None
    translation: Translation | None = None
    mentions: list[Mention] | None = None
    facts: list[Fact] | None = None

    @model_serializer(mode="wrap")
    def _without_unset_keys(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A stage's key exists only once that stage has run, so that order can be checked on the records.
        record: dict[str, Any] = handler(self)
        return {
            key: value for key, value in record.items() if value is not None or key in self.model_fields_set
        }


class DealParty(_Record):
    """Who plays a role in a deal, over all articles."""

    name: str
    entity_id: str
    aliases: list[str] = []


class ConflictValue(_Record):
    """One of the values reported for a field, and the facts that report it."""

    value: Any
    fact_ids: list[str]


class Conflict(_Record):
    """A field on which the articles disagree."""

    field: str
    values: list[ConflictValue]


class StatusChange(_Record):
    """A status and the first day it was reported."""

    status: Status
    date: str | None
    fact_ids: list[str]


class RelatedDeal(_Record):
    """Another deal that this one belongs to, such as the whole of a tranche."""

    deal_id: str
    relation: str


class Deal(_Record):
    """One row of the final table: all facts about the same deal, folded."""

    id: str
    type: DealType
    status: Status
    roles: dict[Role, list[DealParty]]
    amount: Money | None = None
    valuation: Money | None = None
    stake: Percent | None = None
    quantities: list[Quantity] = []
    dates: dict[DateRole, Timex] = {}
    first_reported: str | None = None
    last_reported: str | None = None
    n_articles: int
    n_stories: int
    languages: list[str]
    conflicts: list[Conflict] = []
    fact_ids: list[str]
    status_history: list[StatusChange] = []
    support: dict[str, list[str]] = {}
    """For each field the facts that give the value shown."""
    related: list[RelatedDeal] = []


class Reject(_Record):
    """An input that could not be used: where it stood, at which stage it failed, and why."""

    source: str
    line: int | None = None
    id: str | None = None
    stage: str
    error: str
    remedy: str | None = None


def content_id(prefix: str, *parts: str) -> str:
    """Make a short id that depends on nothing but `parts` (16 hex digits of SHA-256).

    >>> content_id("f", "article-1", "acquisition") == content_id("f", "article-1", "acquisition")
    True
    """
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{prefix}-{digest[:16]}"


def publication_day(published: str | None) -> datetime.date | None:
    """Read the day that relative dates count from; None when it is not known, and then they stay open.

    >>> publication_day("2026-02-03T10:00:00Z")
    datetime.date(2026, 2, 3)
    """
    return day_of(published)


def day_of(stamp: str | None) -> datetime.date | None:
    """Read the day that a date or point in time in ISO 8601 begins with; None when it is none."""
    try:
        return datetime.date.fromisoformat((stamp or "")[:10])
    except ValueError:
        return None

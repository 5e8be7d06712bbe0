"""The gold format: hand-labelled articles, how they are read and what makes a label wrong.

A gold file is JSONL in the record contract, one article a line, with one more key, `gold`. The
layout is described in `corpus/gold/GUIDELINES.md`; `check_gold` says in words what breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dealfacts.errors import InputError
from dealfacts.jsonl import describe_invalid, open_binary
from dealfacts.records import DateRole, DealType, DecimalStr, Label, Modifier, Role, Status

TIMEX = re.compile(
    r"(?:\d{4}|XXXX)(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?|-Q[1-4]|-H[12]|-W[0-5]\d|-(?:SP|SU|FA|WI))?"
    r"|\d{3}|XXXX-XX-\d{2}|P(?:\d+(?:\.\d+)?|X)[YMWDQ]|PT(?:\d+|X)[HM]"
)
"""The TIMEX3 values that labels may use, from days to decades, and durations."""

ROLES_BY_TYPE: dict[DealType, tuple[frozenset[Role], frozenset[Role]]] = {
    # (the roles of which at least one is filled, the other roles that may be filled)
    "acquisition": (frozenset({"acquirer", "target", "seller"}), frozenset()),
    "merger": (frozenset({"partner"}), frozenset({"target"})),
    "divestiture": (frozenset({"seller", "target"}), frozenset({"acquirer"})),
    "equity_stake": (frozenset({"investor", "investee"}), frozenset({"seller"})),
    "investment": (frozenset({"investor", "investee"}), frozenset({"lead_investor"})),
    "funding_round": (frozenset({"investee", "investor", "lead_investor"}), frozenset()),
    "debt_financing": (frozenset({"borrower", "lender"}), frozenset()),
    "ipo": (frozenset({"issuer"}), frozenset({"seller", "investor"})),
    "licensing": (frozenset({"licensor", "licensee"}), frozenset()),
    "supply_contract": (frozenset({"supplier", "customer"}), frozenset()),
    "partnership": (frozenset({"partner"}), frozenset()),
    "joint_venture": (frozenset({"partner"}), frozenset({"target"})),
    "asset_purchase": (frozenset({"acquirer", "seller", "target"}), frozenset()),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldMoney(_Strict):
    """A deal's amount or valuation: `value`, or `min` and `max` for ranges and vague sums."""

    value: DecimalStr | None
    currency: str | None
    modifier: Modifier | None = "exact"
    min: DecimalStr | None = None
    max: DecimalStr | None = None


class GoldQuantity(_Strict):
    """A deal's capacity: how much power, how many ships."""

    value: DecimalStr
    unit: str
    modifier: Modifier = "exact"


class GoldMention(_Strict):
    """A labelled stretch of text; `value` has the shape of the contract's value for its label."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    label: Label
    value: dict[str, Any] | None = None


class GoldDeal(_Strict):
    """A labelled deal; a role lists its parties, and a party lists its names in this article."""

    type: DealType
    status: Status
    roles: dict[Role, list[list[str]]]
    amount: GoldMoney | None = None
    valuation: GoldMoney | None = None
    stake: DecimalStr | None = None
    capacity: GoldQuantity | None = None
    dates: dict[DateRole, str] = {}
    core: bool = True
    evidence: list[tuple[int, int]] | str = []


class Gold(_Strict):
    """All labels of one article; `labels` names the mention labels that were marked exhaustively."""

    labels: list[Label] = []
    mentions: list[GoldMention] = []
    deals: list[GoldDeal] = []


class GoldArticle(BaseModel):
    """A labelled article. Files that only label deals may leave the text out (`deals` at top level)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str
    lang: str
    published: str | None = None
    title: str | None = None
    text: str | None = None
    set: str | None = None
    gold: Gold

    @field_validator("lang")
    @classmethod
    def _base_language(cls, lang: str) -> str:
        return lang.split("-", maxsplit=1)[0].lower()


def read_gold(path: Path | str) -> list[GoldArticle]:
    """Read labelled articles from a file, or from all `*.jsonl` below a folder, in path order.

    Raises:
        InputError: naming file, line and remedy when a line is not a labelled article.

    >>> [article.lang for article in read_gold("corpus/gold/dev")][:1]  # doctest: +SKIP
    ['en']
    """
    path = Path(path)
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    articles = [article for file in files for article in _read_file(file)]
    if not articles:
        raise InputError(f"{path}: no labelled articles; give a gold file or a folder with *.jsonl files")
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            raise InputError(f"{path}: the id {article.id!r} occurs twice; give each article its own")
        seen.add(article.id)
    return articles


def _read_file(file: Path) -> Iterator[GoldArticle]:
    with open_binary(file) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = orjson.loads(line)
                if isinstance(record, dict) and "gold" not in record and "deals" in record:
                    record["gold"] = {"deals": record.pop("deals")}
                yield GoldArticle.model_validate(record)
            except orjson.JSONDecodeError as error:
                raise InputError(f"{file}, line {number}: not valid JSON: {error}") from None
            except ValidationError as error:
                raise InputError(
                    f"{file}, line {number}: {describe_invalid(error)}; see corpus/gold/GUIDELINES.md"
                ) from None


def check_gold(article: GoldArticle) -> list[str]:
    """Say what is wrong with the labels of an article, one sentence each; an empty list is good.

    Checked are: offsets slice to the text given, mentions do not overlap and carry a value that
    fits their label, roles fit the deal's type, names and evidence stand in the text, dates are
    TIMEX3 values, and amounts carry either a value or bounds.
    """
    problems = [*_mention_problems(article)]
    for number, deal in enumerate(article.gold.deals):
        problems += [f"deal {number} ({deal.type}): {problem}" for problem in _deal_problems(deal, article)]
    return problems


def _mention_problems(article: GoldArticle) -> Iterator[str]:
    text, covered = article.text or "", 0
    for mention in sorted(article.gold.mentions, key=lambda each: (each.start, each.end)):
        where = f"mention {mention.start}-{mention.end} {mention.text!r}"
        if text[mention.start : mention.end] != mention.text:
            yield f"{where}: the text there is {text[mention.start : mention.end]!r}"
        if mention.start < covered:
            yield f"{where}: overlaps the mention before it"
        covered = max(covered, mention.end)
        if mention.label not in article.gold.labels:
            yield f"{where}: label {mention.label} is not among the article's labels"
        value = mention.value or {}
        if mention.label == "MONEY" and value.get("amount") is None and value.get("min") is None:
            yield f"{where}: a MONEY value needs an amount, or min where the sum is a range or vague"
        if mention.label in ("DATE", "DURATION") and not TIMEX.fullmatch(str(value.get("timex"))):
            yield f"{where}: {value.get('timex')!r} is not a TIMEX3 value"


def _deal_problems(deal: GoldDeal, article: GoldArticle) -> Iterator[str]:
    filled = {role for role, parties in deal.roles.items() if parties}
    needed, allowed = ROLES_BY_TYPE[deal.type]
    if not filled & needed:
        yield f"none of {', '.join(sorted(needed))} is filled"
    if wrong := filled - needed - allowed:
        yield f"the role {', '.join(sorted(wrong))} does not fit this type"
    yield from (f"{role} has a party without a name" for role in filled if not all(deal.roles[role]))
    yield from _value_problems(deal)
    if article.text is not None:
        yield from _grounding_problems(deal, article.text)


def _value_problems(deal: GoldDeal) -> Iterator[str]:
    for field, money in (("amount", deal.amount), ("valuation", deal.valuation)):
        if money and money.value is None and money.min is None and money.max is None:
            yield f"{field} has neither a value nor bounds; write null when no sum is given"
    for role, timex in deal.dates.items():
        if not TIMEX.fullmatch(timex):
            yield f"{role} date {timex!r} is not a TIMEX3 value"


def _grounding_problems(deal: GoldDeal, text: str) -> Iterator[str]:
    for name in (name for parties in deal.roles.values() for names in parties for name in names):
        if name not in text:
            yield f"the name {name!r} is not in the text"
    if not deal.evidence:
        yield "no evidence"
    for start, end in [] if isinstance(deal.evidence, str) else deal.evidence:
        if not 0 <= start < end <= len(text):
            yield f"evidence {start}-{end} lies outside the text"

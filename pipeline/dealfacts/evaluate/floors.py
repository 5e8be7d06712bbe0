"""Floors: a pinned lowest value per measure, tied to the gold that it was measured on.

The idea is trafilatura's accuracy gate: an update may not lower a measure silently. Floors live in a
TOML file with the digest of the gold (`gold`) and a table `floors` of measure names, such as
`"deals.lenient.all.nl" = 0.75`. A rate (false facts per article) has a ceiling in the table `ceilings`.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

from dealfacts.errors import ConfigError
from dealfacts.evaluate.measures import by_name
from dealfacts.evaluate.scoring import Evaluation


def check_floors(evaluation: Evaluation, path: Path | str) -> list[str]:
    """Say which measures fell below their floor, one sentence each; an empty list is good.

    A changed gold is a finding too: measure anew, look at the difference, then pin digest and floors.

    Raises:
        ConfigError: when the file is not a floors file or names a measure that does not exist.
    """
    path = Path(path)
    try:
        pinned = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML: {error}") from error
    findings = []
    if pinned.get("gold") != evaluation.gold_digest:
        findings.append(
            f"the gold's digest is {evaluation.gold_digest}, the floors were pinned on {pinned.get('gold')}: "
            f"compare the figures, then pin both anew in {path}"
        )
    measures = by_name(evaluation.measures)
    for table, sign in (("floors", 1), ("ceilings", -1)):
        for name, bound in pinned.get(table, {}).items():
            if name not in measures:
                raise ConfigError(f"{path}: there is no measure {name!r}; see `dealfacts evaluate --json`")
            value = round(measures[name].value, 4)
            if sign * value < sign * bound:
                word = "below its floor" if sign > 0 else "above its ceiling"
                findings.append(f"{name} is {value}, {word} of {bound}")
    return findings


GUARDED = (
    "detect.language.all",
    "mentions.exact.ORG",
    "mentions.overlap_value.MONEY",
    "mentions.overlap_value.DATE",
    "roles.parties.all",
    "deals.lenient.all",
    "deals.strict.all",
    "deals.type.all",
    "deals.status.all",
    "deals.amount.all",
)
"""The measures that floors guard, in each language."""
GUARDED_RATES = ("deals.false_facts_per_article.all",)


def floors_text(evaluation: Evaluation, margin: float = 0.01) -> str:
    """Write a floors file for what an evaluation measured.

    Args:
        evaluation: the figures to hold on to.
        margin: how far a measure may fall before it counts as fallen; a rate may rise ten times as far.

    Returns:
        The content of `floors.toml`: floors are rounded down, ceilings up, to two places.
    """
    measures = by_name(evaluation.measures)
    languages = sorted({measure.language for measure in evaluation.measures} - {"all"})
    lines = [
        "# The lowest value each measure may have; made by scripts/pin_floors.py.",
        f'gold = "{evaluation.gold_digest}"',
        f"articles = {evaluation.articles}",
        "",
        "[floors]",
    ]
    for name in (f"{base}.{language}" for base in GUARDED for language in languages):
        if name in measures:
            floor = math.floor((measures[name].value - margin) * 100 + 1e-9) / 100
            lines.append(f'"{name}" = {max(floor, 0.0):.2f}')
    lines += ["", "[ceilings]"]
    for name in (f"{base}.{language}" for base in GUARDED_RATES for language in languages):
        if name in measures:
            ceiling = math.ceil((measures[name].value + 10 * margin) * 100 - 1e-9) / 100
            lines.append(f'"{name}" = {ceiling:.2f}')
    return "\n".join(lines) + "\n"

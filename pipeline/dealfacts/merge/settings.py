"""What the merge weighs, in one place: weights and thresholds that can be written to JSON and read back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class NameWeights(BaseModel):
    """Contributions to the score that two names are one; a pair needs `threshold`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = 0.65
    spelling: float = 0.5
    both_common: float = -0.3
    """Slips of the pen are rare: two spellings that several articles use each are two names."""
    institution: float = 0.9
    acronym: float = 0.45
    contained: float = 0.45
    form_words_only: float = 0.25
    article_alias: float = 0.35
    shared_context: float = 0.3
    several_candidates: float = -0.3
    division: float = -0.9
    named_apart: float = -0.45
    person_and_organisation: float = -0.25
    place_and_organisation: float = -0.6
    same_core: float = 1.0
    person_initials: float = 0.7


class FactWeights(BaseModel):
    """Contributions to the score that two facts tell of one deal; above 0 they do (roughly log-odds)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prior: float = -3.0
    object_same: float = 2.0
    object_differs: float = -8.0
    source_same: float = 2.0
    source_differs: float = -6.0
    source_differs_in_round: float = -0.5
    seller_same: float = 1.0
    seller_differs: float = -2.0
    partners_same: float = 4.0
    party_translated: float = 0.5
    swapped: float = -0.5
    one_party_other_type: float = -1.5
    done_once: float = 1.5
    type_same: float = 0.5
    type_near: float = -1.0
    type_vague: float = -2.0
    type_far: float = -4.7
    amount_same: float = 3.0
    amount_same_round: float = 2.5
    """One significant digit, as in $100 billion: many sums are that round."""
    amount_rounded: float = 2.0
    amount_within: float = 1.0
    amount_converted: float = 0.7
    amount_near: float = -0.7
    amount_near_settled: float = -1.5
    amount_differs: float = -4.0
    amount_differs_control: float = -0.7
    valuation_same: float = 1.5
    valuation_differs: float = -1.0
    stake_same: float = 1.5
    stake_differs: float = -1.5
    stake_differs_control: float = -0.3
    quantity_same: float = 2.0
    quantity_differs: float = -1.0
    date_same_day: float = 2.0
    date_overlap: float = 1.0
    date_within_quarter: float = -0.8
    date_within_year: float = -2.5
    date_apart: float = -5.0
    dates_of_once: float = 0.5
    """What differing dates count for, of that, in deals that two parties do but once."""
    reported_within_weeks: float = 0.8
    reported_within_quarter: float = 0.3
    reported_within_year: float = -0.5
    reported_apart: float = -1.5
    reported_apart_repeatable: float = -2.5
    status_same: float = 0.3
    status_follows: float = 1.0
    status_restart: float = -2.0
    status_after_completion: float = -2.5
    phase_differs: float = -1.0
    same_article: float = -9.0
    same_article_same_sum: float = -2.0
    same_article_vague: float = -4.0
    same_story: float = 1.0
    veto: float = -5.0
    """Two groups of facts never join over a pair that scores below this."""


class Settings(BaseModel):
    """All options of the merge.

    >>> Settings.model_validate_json(Settings().model_dump_json()) == Settings()
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: NameWeights = NameWeights()
    facts: FactWeights = FactWeights()
    bucket_all_pairs: int = 80
    """Up to this many different claims that share a key are compared all with all; above it, each with
    its neighbours in time and in amount."""
    bucket_window: int = 16
    part_all_pairs: int = 100
    """Connected claims up to this many are all compared before they are grouped."""
    review_items: int = 2000

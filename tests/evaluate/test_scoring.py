from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from dealfacts.errors import InputError
from dealfacts.evaluate import Evaluation, evaluate
from dealfacts.jsonl import read_records, write_records
from dealfacts.records import Article, Fact, Timex

DATA = Path(__file__).parent.parent / "data" / "evaluate"
GOLD = DATA / "gold.jsonl"


@pytest.fixture
def score(output: Path, tmp_path: Path) -> Callable[[Callable[[dict[str, Article]], None]], Evaluation]:
    """Score the faultless output after a change made to it."""

    def run(change: Callable[[dict[str, Article]], None]) -> Evaluation:
        articles = {article.id: article for article in read_records(output, Article)}
        change(articles)
        write_records(tmp_path / "changed.jsonl", articles.values())
        return evaluate(GOLD, tmp_path / "changed.jsonl", resamples=50)

    return run


Score = Callable[[Callable[[dict[str, Article]], None]], Evaluation]


def facts(article: Article) -> list[Fact]:
    assert article.facts is not None
    return article.facts


def test_scoring_faultless_output_scores_full_marks(output: Path) -> None:
    evaluation = evaluate(GOLD, output, resamples=50)
    for measure in evaluation.measures:
        expected = 0.0 if measure.kind == "rate" else 1.0
        assert (measure.value, measure.low, measure.high) == (expected,) * 3, measure


def test_scoring_folder_is_read_from_its_last_stage(output: Path) -> None:
    assert evaluate(GOLD, output.parent, resamples=5).measure("deals.strict.all.all").value == 1


def test_scoring_missed_core_deal_costs_recall(score: Score) -> None:
    def drop(articles: dict[str, Article]) -> None:
        facts(articles["a-en"]).pop(1)

    lenient = score(drop).measure("deals.lenient.all.en")
    assert (lenient.precision, lenient.recall) == (1, 0.5)


def test_scoring_background_deal_is_neither_rewarded_nor_punished(score: Score) -> None:
    def drop(articles: dict[str, Article]) -> None:
        facts(articles["a-en"]).pop(2)

    assert score(drop).measure("deals.strict.all.en").value == 1


def test_scoring_invented_fact_costs_precision_and_is_counted_where_no_deal_is(score: Score) -> None:
    def invent(articles: dict[str, Article]) -> None:
        articles["c-es"].facts = [facts(articles["a-en"])[0]]

    evaluation = score(invent)
    assert evaluation.measure("deals.false_facts_per_article.all.es").value == 1
    assert evaluation.measure("deals.lenient.all.all").precision == 0.75


def test_scoring_wrong_amount_is_matched_but_not_lenient(score: Score) -> None:
    def halve(articles: dict[str, Article]) -> None:
        fact = facts(articles["a-en"])[0]
        assert fact.amount is not None
        fact.amount = fact.amount.model_copy(update={"amount": "1200000"})

    evaluation = score(halve)
    assert evaluation.measure("deals.matched.all.en").value == 1
    assert evaluation.measure("deals.lenient.all.en").recall == 0.5
    assert evaluation.measure("deals.amount.all.en").value == 0.5


def test_scoring_wrong_modifier_is_lenient_but_not_strict(score: Score) -> None:
    def change(articles: dict[str, Article]) -> None:
        fact = facts(articles["a-en"])[0]
        assert fact.amount is not None
        fact.amount = fact.amount.model_copy(update={"modifier": "exact"})

    evaluation = score(change)
    assert evaluation.measure("deals.lenient.all.en").value == 1
    assert evaluation.measure("deals.strict.all.en").recall == 0.5


def test_scoring_swapped_sides_do_not_match(score: Score) -> None:
    def swap(articles: dict[str, Article]) -> None:
        roles = facts(articles["a-en"])[0].roles
        roles["acquirer"], roles["target"] = roles["target"], roles["acquirer"]

    assert score(swap).measure("deals.matched.all.en").recall == 0.5


def test_scoring_half_a_list_of_investors_earns_half_its_parties(score: Score) -> None:
    def drop(articles: dict[str, Article]) -> None:
        facts(articles["b-nl"])[0].roles["investor"].pop()

    evaluation = score(drop)
    assert evaluation.measure("roles.parties.investor.nl").recall == 0.5
    assert evaluation.measure("roles.any_party.all.nl").value == 1
    assert evaluation.measure("deals.lenient.all.nl").value == 1
    assert evaluation.measure("deals.strict.all.nl").value == 0


def test_scoring_type_of_same_family_and_status_are_judged_on_matched_deals(score: Score) -> None:
    def change(articles: dict[str, Article]) -> None:
        fact = facts(articles["b-nl"])[0]
        fact.type, fact.status = "investment", "completed"

    evaluation = score(change)
    assert evaluation.measure("deals.lenient.all.nl").value == 1
    assert evaluation.measure("deals.type.all.nl").value == 0
    assert evaluation.status_confusion["announced", "completed"] == 1


def test_scoring_end_of_year_may_be_a_quarter_or_a_modifier(score: Score) -> None:
    def change(articles: dict[str, Article]) -> None:
        facts(articles["b-nl"])[0].dates["expected_close"] = Timex(type="DATE", timex="2026", mod="END")

    assert score(change).measure("deals.strict.all.nl").value == 1


def test_scoring_mention_with_other_span_overlaps_and_keeps_its_value(score: Score) -> None:
    def widen(articles: dict[str, Article]) -> None:
        mentions = articles["a-en"].mentions
        assert mentions is not None
        sum_of_money = next(mention for mention in mentions if mention.label == "MONEY")
        sum_of_money.start -= len("about ")

    evaluation = score(widen)
    assert evaluation.measure("mentions.exact.MONEY.en").value == 0.5
    assert evaluation.measure("mentions.overlap_value.MONEY.en").value == 1


def test_scoring_stage_that_was_not_run_is_not_scored(score: Score) -> None:
    def strip(articles: dict[str, Article]) -> None:
        for article in articles.values():
            article.mentions = article.facts = None

    assert {measure.stage for measure in score(strip).measures} == {"detect"}


def test_scoring_missing_article_counts_as_empty(score: Score) -> None:
    def drop(articles: dict[str, Article]) -> None:
        del articles["b-nl"]

    evaluation = score(drop)
    assert evaluation.missing == ["b-nl"]
    assert evaluation.measure("deals.lenient.all.nl").recall == 0


def test_scoring_output_of_other_articles_is_refused(tmp_path: Path) -> None:
    write_records(tmp_path / "facts.jsonl", [Article(id="elsewhere", text="x")])
    with pytest.raises(InputError, match="none of the 3 labelled articles"):
        evaluate(GOLD, tmp_path)


def test_scoring_changed_text_is_refused(score: Score) -> None:
    def cut(articles: dict[str, Article]) -> None:
        articles["a-en"].text = "other"

    with pytest.raises(InputError, match="its text differs"):
        score(cut)


def test_scoring_labels_without_text_are_scored_on_deals_only(tmp_path: Path) -> None:
    def seeds() -> Iterator[str]:
        yield '{"id": "s", "lang": "en", "deals": [{"type": "licensing", "status": "denied", '
        yield '"roles": {"licensor": [["Groq"]]}, "evidence": "nothing"}]}\n'

    (tmp_path / "seeds.jsonl").write_text("".join(seeds()), encoding="utf-8")
    write_records(tmp_path / "facts.jsonl", [Article(id="s", text="x", facts=[])])
    evaluation = evaluate(tmp_path / "seeds.jsonl", tmp_path / "facts.jsonl", resamples=5)
    assert evaluation.measure("deals.lenient.all.en").recall == 0


def test_scoring_is_deterministic(output: Path) -> None:
    first, second = (evaluate(GOLD, output).to_json() for _ in range(2))
    assert first == second


def test_scoring_two_labellers_can_be_compared(tmp_path: Path) -> None:
    second = tmp_path / "second.jsonl"
    second.write_text(
        GOLD.read_text(encoding="utf-8").replace('"status": "announced"', '"status": "in_talks"')
    )
    evaluation = evaluate(GOLD, second, resamples=5)
    assert evaluation.measure("deals.lenient.all.all").value == 1
    assert evaluation.measure("deals.status.all.all").value == 0


def test_scoring_a_second_labeller_may_have_labelled_fewer_articles(tmp_path: Path) -> None:
    second = tmp_path / "second.jsonl"
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    second.write_text("\n".join(lines[:2]) + "\n")
    evaluation = evaluate(GOLD, second, resamples=5)
    assert (evaluation.articles, evaluation.missing) == (2, [])
    assert evaluation.measure("deals.lenient.all.all").value == 1


def test_scoring_second_labels_of_our_gold_still_fit_it() -> None:
    corpus = Path(__file__).parent.parent.parent / "corpus"
    evaluation = evaluate(corpus / "gold" / "test", corpus / "agreement" / "second.jsonl", resamples=5)
    assert evaluation.articles == 64
    assert evaluation.measure("deals.lenient.all.all").value > 0.9


def test_scoring_our_gold_against_itself_is_faultless() -> None:
    gold = Path(__file__).parent.parent.parent / "corpus" / "gold" / "test" / "nl.jsonl"
    evaluation = evaluate(gold, gold, resamples=5)
    assert {measure.value for measure in evaluation.measures if measure.kind != "rate"} == {1.0}


def test_scoring_output_that_carries_the_labels_is_still_an_output(tmp_path: Path) -> None:
    rows = [Article.model_validate(orjson.loads(line)) for line in GOLD.read_bytes().splitlines()]
    for row in rows:
        row.lang, row.lang_confidence = "en", 0.9
    write_records(tmp_path / "detect.jsonl", rows)
    assert evaluate(GOLD, tmp_path, resamples=5).measure("detect.language.all.nl").value == 0

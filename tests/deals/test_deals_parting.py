"""A hypothesis with two sums is told as two deals where the trees find that it is two."""

from __future__ import annotations

import pytest
from named_text import figured_article
from stumps import stump

from dealfacts.deals.amounts import times_told
from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, Support, weight_of
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.parting import COLUMNS, part, parting_rows, partings_of
from dealfacts.deals.reading import Reading, read_article
from dealfacts.deals.slots import Filler
from dealfacts.records import Money

TEXT = "Acme bought stock of Zeta for $5 million. Acme earlier bought stock for $70 million. Acme bought it."


def reading() -> Reading:
    sums = [Money(amount="5000000", currency="USD"), Money(amount="70000000", currency="USD")]
    article = figured_article(TEXT, zip(("$5 million", "$70 million"), sums, strict=True))
    words = lexicon("en")
    assert words is not None
    return read_article(article, "en", words)


def told(found: Reading, shares: tuple[float, ...] = (0.9, 0.7)) -> Hypothesis:
    """A takeover told in three sentences, the first two with a sum."""
    fillers = (Filler("Acme", 0.9), Filler("Zeta", 0.9))
    whole = Hypothesis("takeover", "Acme", "Zeta")
    for sentence in found.sentences:
        event = Event(sentence, sentence.triggers[0], 0.9, {"acquisition": 1.0}, statuses={"completed": 1.0})
        for position in sentence.values:
            mention = sentence.tokens[position].mention
            assert mention is not None
            share = shares[sentence.index]
            event.values.append((mention, {"amount": share, "none": 1 - share}, sentence.index))
        whole.support.append(Support(event, 0.8, fillers, {"acquisition": 1.0}, 0, 1.0))
    whole.weight = weight_of(whole.support)
    return whole


def sentences(hypothesis: Hypothesis) -> list[int]:
    return [support.event.sentence.index for support in hypothesis.support]


def test_the_second_sum_takes_the_statements_beside_it() -> None:
    found = reading()
    (parting,) = partings_of(told(found))
    assert (parting.main.value.amount, parting.other.value.amount) == ("5000000", "70000000")
    assert parting.other.sentences == [1]
    row = parting_rows(found, told(found), [parting], times_told(found))[0]
    values = dict(zip(COLUMNS, row.tolist(), strict=True))
    assert values["here"] == pytest.approx(0.7)
    assert values["main here"] == pytest.approx(0.9)
    assert values["sentences away"] == 1
    assert values["statuses apart"] == 0


def test_a_sum_that_is_hardly_the_amount_divides_nothing() -> None:
    assert partings_of(told(reading(), (0.9, 0.1))) == []


@pytest.mark.parametrize(("threshold", "parts"), [(0.5, [[0, 2], [1]]), (0.8, [[0, 1, 2]])])
def test_a_hypothesis_is_divided_where_the_trees_say_so(threshold: float, parts: list[list[int]]) -> None:
    found = reading()
    whole = told(found)
    forest = stump(COLUMNS, "here", threshold)
    hypotheses, chosen, shares = part(found, [whole], [0], [0.9], forest)
    assert [sentences(hypotheses[index]) for index in chosen] == parts
    assert len(shares) == len(hypotheses)
    assert all(share <= 0.9 for share in shares)
    assert sentences(whole) == [0, 1, 2]

"""What the deal finder does not take for a party, a day or a deal of its own."""

import pytest
from named_text import named_article

from dealfacts import Article
from dealfacts.deals.facts import _tells_no_more
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, entity_of, read_article
from dealfacts.records import Boilerplate, Fact, Label, Mention, Money, Name, Timex


def mention(text: str, name: str, label: Label = "ORG") -> Mention:
    start = text.index(name)
    return Mention(
        id=name, start=start, end=start + len(name), text=name, label=label, value=Name(name=name), stage="t"
    )


def reading(text: str, names: list[str], language: str = "en", **keys: object) -> Reading:
    words = lexicon(language)
    assert words is not None
    mentions = [mention(text, name) for name in names]
    article = Article.model_validate(
        {"id": "a", "text": text, "lang": language, "mentions": mentions, **keys}
    )
    return read_article(article, language, words)


def parties(found: Reading) -> list[str]:
    tokens = [sentence.tokens[place] for sentence in found.sentences for place in sentence.names]
    return [entity_of(token.mention) for token in tokens if token.mention]


@pytest.mark.parametrize(
    ("language", "text", "names", "expect"),
    [
        (
            "en",
            "Sources told Reuters that Acme wants to buy Zeta.",
            ["Reuters", "Acme", "Zeta"],
            ["Acme", "Zeta"],
        ),
        (
            "nl",
            "Volgens Reuters wil Acme branchegenoot Zeta kopen.",
            ["Reuters", "Acme", "Zeta"],
            ["Acme", "Zeta"],
        ),
        ("es", "Según Reuters, Acme quiere comprar Zeta.", ["Reuters", "Acme", "Zeta"], ["Acme", "Zeta"]),
        ("en", "Acme agreed to buy Reuters for $5 million.", ["Acme", "Reuters"], ["Acme", "Reuters"]),
        (
            "en",
            "Ledger Online\n\nAcme agreed to buy Zeta.",
            ["Ledger Online", "Acme", "Zeta"],
            ["Acme", "Zeta"],
        ),
    ],
)
def test_reading_leaves_out_who_only_reports(
    language: str, text: str, names: list[str], expect: list[str]
) -> None:
    assert parties(reading(text, names, language)) == expect


def test_reading_leaves_a_reporter_out_throughout() -> None:
    text = "Acme wants to buy Zeta.\n\nSources told Reuters so. A call by Reuters brought Zeta no peace."
    words = lexicon("en")
    assert words is not None
    found = read_article(named_article(text, ("Acme", "Zeta", "Reuters")), "en", words)
    assert parties(found) == ["Acme", "Zeta", "Zeta"]


@pytest.mark.parametrize(
    ("language", "text", "names", "expect"),
    [
        ("en", "PORTLAND, Ore. — Acme buys Zeta.", ["PORTLAND", "Ore", "Acme", "Zeta"], ["Acme", "Zeta"]),
        ("nl", "LONDEN, - Acme koopt Zeta.", ["LONDEN", "Acme", "Zeta"], ["Acme", "Zeta"]),
        ("es", "Lima, 3 may (EFE).- Acme compra Zeta.", ["Lima", "EFE", "Acme"], ["Lima", "EFE", "Acme"]),
        ("en", "Acme – Zeta talks end.", ["Acme", "Zeta"], ["Acme", "Zeta"]),
        ("en", "Acme buys Zeta - at last.", ["Acme", "Zeta"], ["Acme", "Zeta"]),
    ],
)
def test_reading_leaves_out_the_place_of_a_dateline(
    language: str, text: str, names: list[str], expect: list[str]
) -> None:
    assert parties(reading(text, names, language)) == expect


@pytest.mark.parametrize(
    ("language", "byline"),
    [
        ("en", "By Ted Marchetti, Cascadia News Service"),
        ("nl", "Door Ted Marchetti"),
        ("es", "Por Ted Marchetti"),
        ("en", "Cascadia News Service"),
    ],
)
def test_reading_leaves_out_a_byline(language: str, byline: str) -> None:
    text = f"Acme, Zeta: ok\n\n{byline}\n\nIota: ok"
    names = [
        name for name in ("Acme", "Zeta", "Ted Marchetti", "Cascadia News Service", "Iota") if name in text
    ]
    assert parties(reading(text, names, language)) == ["Acme", "Zeta", "Iota"]


def test_reading_keeps_the_sentence_behind_a_dateline() -> None:
    text = "DELFT, 22 January 2026 - Acme agreed to buy Zeta."
    dateline = Boilerplate(start=0, end=text.index("Acme"), kind="meta")
    found = reading(text, ["Acme", "Zeta"], boilerplate=[dateline])
    assert parties(found) == ["Acme", "Zeta"]
    assert found.sentences[0].start == dateline.end


@pytest.mark.parametrize(
    "value",
    [
        Timex(type="DATE", timex="PRESENT_REF"),
        Timex(type="DURATION", timex="P10D"),
        Timex(type="SET", timex="P1W"),
    ],
)
def test_reading_takes_no_day_from_what_names_none(value: Timex) -> None:
    text = "Acme is now buying Zeta."
    now = Mention(id="n", start=8, end=11, text="now", label="DATE", value=value, stage="t")
    article = Article(id="a", text=text, lang="en", mentions=[mention(text, "Acme"), now])
    words = lexicon("en")
    assert words is not None
    assert read_article(article, "en", words).sentences[0].values == []


def fact(confidence: float, names: list[str], **keys: object) -> Fact:
    roles = {"acquirer": [{"name": names[0]}], "target": [{"name": name} for name in names[1:]]}
    record = {"id": f"f{confidence}", "article_id": "a", "type": "acquisition", "status": "announced"}
    return Fact.model_validate({**record, "roles": roles, "confidence": confidence, **keys})


def test_facts_paler_telling_gives_way() -> None:
    sure = fact(0.9, ["Acme", "Zeta"], amount=Money(amount="5", currency="EUR"))
    assert _tells_no_more(fact(0.5, ["Acme", "Zeta"]), sure)
    assert not _tells_no_more(sure, fact(0.5, ["Acme", "Zeta"]))
    assert not _tells_no_more(fact(0.5, ["Acme", "Iota"]), sure)
    assert not _tells_no_more(fact(0.5, ["Acme", "Zeta"], amount=Money(amount="7", currency="EUR")), sure)
    stake = fact(0.95, ["Zeta", "Acme"], amount=Money(amount="5", currency="EUR"), type="merger")
    assert not _tells_no_more(stake, sure)


def test_facts_same_sum_between_the_same_parties_is_told_once() -> None:
    amount = Money(amount="5", currency="EUR")
    full = fact(0.8, ["Acme", "Zeta", "Iota"], amount=amount)
    part = fact(0.9, ["Zeta", "Acme"], amount=amount)
    assert _tells_no_more(part, full)
    assert not _tells_no_more(full, part)


@pytest.mark.parametrize(
    ("language", "text", "names", "expect"),
    [
        ("en", "Acme bought Zeta through its German arm Iota.", ["Acme", "Zeta", "Iota"], {"Iota"}),
        ("en", "Acme invests via Iota, with Zeta.", ["Acme", "Iota", "Zeta"], {"Iota"}),
        ("en", "Acme led the round without Iota.", ["Acme", "Iota"], {"Iota"}),
        ("en", "Without any help, Acme bought Zeta.", ["Acme", "Zeta"], set()),
        ("nl", "Acme koopt Zeta via zijn dochter Iota.", ["Acme", "Zeta", "Iota"], {"Iota"}),
        ("nl", "Zonder dat Iota het wist, kocht Acme Zeta.", ["Iota", "Acme", "Zeta"], set()),
        ("es", "Acme compra Zeta a través de su filial Iota.", ["Acme", "Zeta", "Iota"], {"Iota"}),
        ("es", "Acme compra Zeta sin Iota.", ["Acme", "Zeta", "Iota"], {"Iota"}),
    ],
)
def test_reading_sets_aside_who_is_acted_through_or_absent(
    language: str, text: str, names: list[str], expect: set[str]
) -> None:
    assert reading(text, names, language).sentences[0].aside == expect

"""The translate stage on articles: what it adds, what it leaves alone, and what it says."""

# ruff: noqa: ARG001, ARG002, ARG005

import pickle
from collections.abc import Sequence

import pytest

import dealfacts.stages.translate
from dealfacts import Article, load
from dealfacts.errors import ConfigError, DealfactsError, ModelError
from dealfacts.records import Evidence, Fact, Mention, Name, Segment
from dealfacts.translation import Translator
from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search

DUTCH = "Philips koopt Coop voor 2,5 miljard euro. De raad wijst dat af.\n\nWe are very happy with this."


class Numbering(Backend):
    """Gives the words back as `w0 w1 w2`, placeholders as they are."""

    name, digest, has_placeholders, max_pieces = "numbering", "d" * 64, True, 100

    def covers(self, language: str) -> bool:
        return language in {"nl", "es"}

    def encode(self, text: str, language: str) -> Pieces:
        return text.split()

    def encode_target(self, text: str) -> Pieces:
        return text.split()

    def decode(self, pieces: Sequence[str]) -> str:
        return " ".join(pieces)

    def generate(
        self,
        inputs: Sequence[Pieces],
        language: str,
        search: Search,
        prefixes: Sequence[Pieces] | None = None,
    ) -> list[list[Hypothesis]]:
        return [
            [Hypothesis([word if "<" in word else f"w{i}" for i, word in enumerate(pieces)])]
            for pieces in inputs
        ]


@pytest.fixture(autouse=True)
def numbering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "dealfacts.translation.translator.open_backend", lambda model, language, threads: Numbering()
    )


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(model: str, language: str, threads: int) -> Backend:
        raise ModelError(f"no translation model for {language!r} is installed; run `make models`")

    monkeypatch.setattr("dealfacts.translation.translator.open_backend", fail)


def dutch(**keys: object) -> Article:
    return Article.model_validate({"id": "a", "lang": "nl", "text": DUTCH, **keys})


def translate(article: Article, **options: object) -> Article:
    return next(load("translate", **options).pipe([article]))


def test_every_sentence_gets_one_entry() -> None:
    article = translate(dutch())
    assert article.translation is not None
    assert article.translation.model == "numbering@dddddddddddd"
    rows = [
        (DUTCH[s.start : s.end], s.text, s.model_dump()["quality"]) for s in article.translation.sentences
    ]
    assert rows == [
        ("Philips koopt Coop voor 2,5 miljard euro.", "W0 w1 Coop w3 €2.5 billion.", "ok"),
        ("De raad wijst dat af.", "W0 w1 w2 w3 w4", "ok"),
        ("We are very happy with this.", "We are very happy with this.", "ok"),
    ]


def test_names_that_were_found_are_kept() -> None:
    mention = Mention(
        id="m1", start=0, end=7, text="Philips", label="ORG", value=Name(name="Philips"), stage="extract"
    )
    article = translate(dutch(mentions=[mention]))
    assert article.translation is not None
    assert article.translation.sentences[0].text == "Philips w1 Coop w3 €2.5 billion."


def test_the_title_is_translated_too() -> None:
    article = translate(dutch(title="Philips koopt Coop"))
    assert article.translation is not None
    assert article.translation.model_dump()["title"] == "W0 w1 Coop"


def test_a_paragraph_detected_as_english_stays() -> None:
    text = "De raad wijst dat af.\nApple. Google. Amazon."
    segments = [
        Segment(start=0, end=21, lang="nl", confidence=1),
        Segment(start=22, end=44, lang="en", confidence=1),
    ]
    article = translate(dutch(text=text, segments=segments))
    assert article.translation is not None
    assert [s.text for s in article.translation.sentences] == [
        "W0 w1 w2 w3 w4",
        "Apple.",
        "Google.",
        "Amazon.",
    ]


@pytest.mark.parametrize("lang", ["en", "de", "und", "en-GB"])
def test_other_languages_pass_untouched(lang: str) -> None:
    article = Article(id="a", lang=lang, text="Some text.")
    assert translate(article.model_copy(deep=True)) == article


def evidence_of(start: int, end: int) -> Fact:
    return Fact(
        id="f", article_id="a", type="acquisition", status="announced", roles={}, confidence=1,
        evidence=[Evidence(start=start, end=end, text=DUTCH[start:end])],
    )  # fmt: skip


def test_only_evidence_is_translated_when_asked() -> None:
    article = translate(dutch(facts=[evidence_of(0, 41)]), translate="evidence")
    assert article.translation is not None
    assert [s.start for s in article.translation.sentences] == [0]
    assert article.facts is not None
    assert article.facts[0].evidence[0].translation == "W0 w1 Coop w3 €2.5 billion."


def test_evidence_is_filled_in_when_all_is_translated() -> None:
    article = translate(dutch(facts=[evidence_of(0, 63)]))
    assert article.facts is not None
    assert article.facts[0].evidence[0].translation == "W0 w1 Coop w3 €2.5 billion. W0 w1 w2 w3 w4"


def test_evidence_needs_facts() -> None:
    with pytest.raises(DealfactsError, match="put facts before translate"):
        translate(dutch(), translate="evidence")


def test_none_translates_nothing() -> None:
    assert translate(dutch(), translate="none") == dutch()


@pytest.mark.usefixtures("nothing_installed")
def test_without_a_model_articles_pass_and_one_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    dealfacts.stages.translate._told.clear()
    articles = list(load("translate").pipe([dutch(), dutch(id="b"), dutch(id="c", lang="en")]))
    assert [article.translation for article in articles] == [None] * 3
    assert all("translation" not in article.model_dump() for article in articles)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "make models" in said.err


def test_a_run_is_told_of_missing_models_before_its_workers_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dealfacts.stages.translate._told.clear()
    monkeypatch.setattr("dealfacts.stages.translate.choice_digest", lambda translator, language: None)
    for _ in range(2):
        load("translate").fingerprint()
    assert capsys.readouterr().err.count("for es, nl is installed") == 1
    load("translate", translate="none").fingerprint()
    load("translate", translator="shipped").fingerprint()
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("nothing_installed")
def test_a_model_asked_for_by_name_must_be_there() -> None:
    with pytest.raises(ModelError, match="make models"):
        translate(dutch(), translator="shipped")


@pytest.mark.parametrize("options", [{"translator": "opus"}, {"translate": "some"}, {"threads": -1}])
def test_wrong_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        load("translate", **options)


def test_the_stage_can_be_sent_to_a_worker_after_use() -> None:
    stage = load("translate")
    list(stage.pipe([dutch()]))
    again = pickle.loads(pickle.dumps(stage))
    assert next(again.pipe([dutch()])).translation is not None


def test_the_fingerprint_follows_what_decides_the_output_only() -> None:
    plain = load("translate").fingerprint()
    assert load("translate", threads=3, cache="x.sqlite").fingerprint() == plain
    assert load("translate", translator="hf:some/model").fingerprint() != plain
    assert load("translate", translate="none").fingerprint() != plain


def test_a_doc_of_spacy_is_translated_by_its_sentences() -> None:
    spacy = pytest.importorskip("spacy")
    from dealfacts.translation.spacy_doc import translate_doc

    doc = spacy.blank("nl")(DUTCH)
    pairs = translate_doc(doc, Translator())
    assert [(span.text, english) for span, english in pairs[:1]] == [
        (
            "Philips koopt Coop voor 2,5 miljard euro.",
            "W0 w1 Coop w3 €2.5 billion.",
        )
    ]


def test_names_of_the_article_are_kept_in_its_title() -> None:
    mention = Mention(
        id="m1", start=0, end=7, text="Philips", label="ORG", value=Name(name="Philips"), stage="extract"
    )
    article = translate(dutch(title="Philips koopt zonder Coop", mentions=[mention]))
    assert article.translation is not None
    assert article.translation.model_dump()["title"] == "Philips w1 w2 Coop"


def test_a_line_of_credits_is_translated_between_its_marks() -> None:
    article = translate(dutch(text="De raad van bestuur · wijst het af | gisteren"))
    assert article.translation is not None
    assert article.translation.sentences[0].text == "W0 w1 w2 w3 · w0 w1 w2 | w0"

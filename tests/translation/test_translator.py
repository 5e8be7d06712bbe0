"""The whole of it, on tiny models: aligned, exact, nothing lost, whatever the model says."""

import datetime
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealfacts.errors import ConfigError, ModelError
from dealfacts.sentences import split_sentences
from dealfacts.translation import Text, Translator

DUTCH = (
    "De overname kost 2,5 miljard euro, zegt Philips. De raad wijst het bod af.\n\n"
    "We will invest a lot of money in the company. 12,5 procent!"
)


@pytest.fixture(scope="session")
def translator(models: Path) -> Translator:
    return Translator(f"ct2:{models / 'mt-tiny'}")


def words(source: str) -> str:
    """Stand in for a model: the words become `w0 w1 w2`, placeholders stay."""
    return " ".join(word if "<" in word else f"w{i}" for i, word in enumerate(source.split()))


def test_every_sentence_has_one_entry_with_its_offsets(translator: Translator) -> None:
    [sentences] = translator.translate([Text(DUTCH, "nl")])
    assert [(s.start, s.end) for s in sentences] == split_sentences(DUTCH, "nl")


@pytest.mark.parametrize("model", ["mt-tiny", "opus-tiny"])
def test_figures_are_exact_even_from_a_model_of_random_numbers(models: Path, model: str) -> None:
    [sentences] = Translator(f"ct2:{models / model}").translate([Text(DUTCH, "nl")])
    assert sentences[0].text.count("€2.5 billion") == 1
    assert sentences[3].text.count("12.5%") == 1


def test_names_come_out_as_written(translator: Translator) -> None:
    [sentences] = translator.translate([Text(DUTCH, "nl")])
    assert sentences[0].text.count("Philips") == 1


def test_english_inside_a_dutch_text_stays(translator: Translator) -> None:
    [sentences] = translator.translate([Text(DUTCH, "nl")])
    assert sentences[2].text == "We will invest a lot of money in the company."
    assert sentences[2].quality == "ok"


def test_a_sentence_of_figures_needs_no_model(scripted: Any) -> None:
    backend = scripted(lambda *_: pytest.fail("the model was asked"))
    [sentences] = Translator(backends={"nl": backend}).translate([Text("12,5 procent!", "nl")])
    assert sentences[0].text == "12.5%!"


def test_english_and_unknown_languages_pass_through() -> None:
    translator = Translator("ct2:/nowhere")
    assert translator("It rains. It pours.", "en") == "It rains. It pours."
    assert translator("Es regnet.\n\nEs gießt.", "de") == "Es regnet.\n\nEs gießt."


def test_plain_strings_keep_their_paragraphs(scripted: Any) -> None:
    translator = Translator(backends={"nl": scripted(lambda source, *_: [words(source)])})
    texts = ["Het bod is hoog. De raad twijfelt.\n\nTot 5 mei.", "Nog een."]
    english = ["W0 w1 w2 w3 W0 w1 w2\n\nW0 May 5.", "W0 w1"]
    assert list(translator.pipe(texts, "nl", batch_size=1)) == english


def test_only_wanted_sentences_are_translated(scripted: Any) -> None:
    backend = scripted(lambda source, *_: [words(source)])
    text = "Het bod is hoog. De raad twijfelt. Het mag niet."
    [sentences] = Translator(backends={"nl": backend}).translate([Text(text, "nl", wanted=[(20, 22)])])
    assert [(s.start, s.end) for s in sentences] == [(17, 34)]
    assert len(backend.calls) == 1


def test_a_sentence_too_long_for_the_model_is_split_and_nothing_is_cut(scripted: Any) -> None:
    backend = scripted(lambda source, *_: [words(source)])
    text = ", ".join(["een lid van de raad"] * 100) + "."
    [[sentence]] = Translator(backends={"nl": backend}).translate([Text(text, "nl")])
    assert all(len(source.split()) <= backend.max_pieces for source, _, _ in backend.calls)
    assert sum(word[0] in "wW" for word in sentence.text.split()) == 500
    assert (sentence.start, sentence.end) == (0, len(text))


@pytest.mark.parametrize("unit", ["5 miljoen, ", "De raad wacht. ", "x", "a b ", "“", "€"])
def test_a_huge_text_takes_time_in_proportion(scripted: Any, unit: str) -> None:
    text = unit * (60_000 // len(unit))
    spans = [(i, i + 1) for i in range(0, len(text), 3)]
    request = Text(text, "nl", names=spans, wanted=spans, english=spans[::1000])
    began = time.perf_counter()
    [sentences] = Translator(backends={"nl": scripted(lambda source, *_: [words(source)])}).translate(
        [request]
    )
    assert sentences
    assert time.perf_counter() - began < 20


def test_more_figures_than_placeholders_are_shared_out(scripted: Any) -> None:
    backend = scripted(lambda source, *_: [words(source)])
    text = "In " + " ".join(f"{i} procent" for i in range(101, 126)) + " steeg het."
    [[sentence]] = Translator(backends={"nl": backend}).translate([Text(text, "nl")])
    assert [word for word in sentence.text.split() if "%" in word] == [f"{i}%" for i in range(101, 126)]


def test_a_word_that_is_too_long_for_any_model_stays(translator: Translator) -> None:
    text = "x" * 5000
    [[sentence]] = translator.translate([Text(text, "nl")])
    assert sentence.text == text


def test_a_figure_that_two_sentences_share_joins_them(scripted: Any) -> None:
    text = "Het kost 5 miljoen Amerikaanse dollar. Veel."
    backend = scripted(lambda source, *_: [words(source)])
    [sentences] = Translator(backends={"nl": backend}).translate([Text(text, "nl")])
    assert sentences[0].text.count("$5 million") == 1


def test_the_day_of_publication_is_for_dates_only(scripted: Any) -> None:
    backend = scripted(lambda source, *_: [words(source)])
    day = datetime.date(2024, 2, 5)
    [[sentence]] = Translator(backends={"nl": backend}).translate(
        [Text("Dat was in maart vorig jaar zo.", "nl", day)]
    )
    assert "March 2023" in sentence.text


def test_what_was_translated_once_is_not_translated_again(scripted: Any, tmp_path: Path) -> None:
    backend = scripted(lambda source, *_: [words(source)])
    for price in ("5", "7"):
        translator = Translator(backends={"nl": backend}, cache=tmp_path / "cache.sqlite")
        [[first], [second]] = translator.translate([Text(f"Het kost {price} euro.", "nl")] * 2)
        assert f"€{price}" in first.text
        assert first == second
    assert len(backend.calls) == 1


def test_other_weights_do_not_use_the_cache(scripted: Any, tmp_path: Path) -> None:
    for digest in ("1", "2"):
        backend = scripted(lambda source, *_: [words(source)])
        backend.digest = digest
        Translator(backends={"nl": backend}, cache=tmp_path / "cache.sqlite")("Het bod is hoog.", "nl")
        assert len(backend.calls) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="ab. 5%€,\nÉ'\"<>n0-", max_size=60))
def test_any_text_goes_through_and_stays_aligned(text: str, scripted: Any) -> None:
    translator = Translator(backends={"nl": scripted(lambda source, *_: [words(source)])})
    [sentences] = translator.translate([Text(text, "nl")])
    covered = "".join(text[s.start : s.end] for s in sentences)
    assert "".join(covered.split()) == "".join(text.split())


def test_results_do_not_depend_on_what_else_is_in_the_batch(models: Path) -> None:
    texts = [Text(f"De raad van bestuur wijst {'heel ' * i}het bod van de bank af.", "nl") for i in range(4)]
    together = Translator(f"ct2:{models / 'mt-tiny'}").translate(texts)
    alone = [Translator(f"ct2:{models / 'mt-tiny'}").translate([text])[0] for text in texts]
    assert together == alone


@pytest.mark.parametrize("model", ["opus", "ct2:", "hf", "", "shipped:x"])
def test_an_unknown_translator_is_refused(model: str) -> None:
    with pytest.raises(ConfigError, match="auto, shipped"):
        Translator(model)


def test_auto_takes_the_best_model_for_each_language(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealfacts.translation.choice.model_folders", lambda: [models])
    translator = Translator()
    assert translator.backend("nl").name == "opus-tiny"
    assert translator.backend("es").name == "mt-tiny"
    assert Translator("shipped").backend("nl").name == "mt-tiny"


def test_without_a_model_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealfacts.translation.choice.model_folders", lambda: [tmp_path])
    with pytest.raises(ModelError, match="make models"):
        Translator()("Het bod is hoog.", "nl")


@pytest.mark.parametrize("broken", ["model.bin", "source.spm", "shared_vocabulary.json", "translation.json"])
def test_a_damaged_model_is_named(models: Path, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(models / "mt-tiny", folder)
    (folder / broken).write_bytes(b"no")
    with pytest.raises(ModelError, match="broken"):
        Translator(f"ct2:{folder}")("Het bod is hoog.", "nl")


def test_a_model_that_does_not_know_the_language_is_refused(models: Path) -> None:
    with pytest.raises(ModelError, match="'es'"):
        Translator(f"ct2:{models / 'opus-tiny'}")("Hola a todos.", "es")

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.merge.stories import find_copies, resemblance, sketch


def _text(seed: int, words: int = 200) -> str:
    rng = random.Random(seed)
    return " ".join(f"w{rng.randrange(5000)}" for _ in range(words))


def test_stories_copies_with_small_edits_are_one() -> None:
    text = _text(1)
    texts = {
        "a": text,
        "b": text + " From our correspondent.",
        "c": text.replace("w1", "v1", 3),
        "d": _text(2),
    }
    stories = find_copies({name: sketch(value) for name, value in texts.items()})
    assert stories == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_stories_many_copies_cost_no_pairs() -> None:
    text = _text(3)
    stories = find_copies({f"{n:05d}": sketch(f"{text} copy {n}") for n in range(3000)})
    assert set(stories.values()) == {"00000"}


def test_stories_boilerplate_is_left_out() -> None:
    menu, one, other = _text(4), _text(5, 60), _text(6, 60)
    spans = [{"start": 0, "end": len(menu)}]
    stories = find_copies({"a": sketch(f"{menu} {one}", spans), "b": sketch(f"{menu} {other}", spans)})
    assert len(set(stories.values())) == 2


def test_stories_short_or_empty_texts_stand_alone() -> None:
    assert find_copies({"a": sketch(""), "b": sketch(""), "c": sketch("two words")}) == {
        "a": "a",
        "b": "b",
        "c": "c",
    }


@given(st.integers(0, 200))
@settings(deadline=None, max_examples=20)
def test_stories_resemblance_is_near_the_share_of_common_trigrams(kept: int) -> None:
    words = _text(7, 1200).split()
    mixed = words[: kept * 6] + _text(8, 1200 - kept * 6).split()
    trigrams = [{tuple(text[i : i + 3]) for i in range(len(text) - 2)} for text in (words, mixed)]
    true = len(trigrams[0] & trigrams[1]) / len(trigrams[0] | trigrams[1])
    first, second = sketch(" ".join(words)), sketch(" ".join(mixed))
    assert first is not None
    assert second is not None
    assert abs(resemblance(first, second) - true) < 0.12

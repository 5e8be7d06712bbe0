"""Who reported a deal, who speaks of it, and whether the parties are bound by it."""

from __future__ import annotations

from collections.abc import Iterator

from dealfacts.deals.drafting import Draft
from dealfacts.deals.reading import REPORT_REACH, Reading, Sentence, entity_of, media_names
from dealfacts.records import Attribution, Mention

_SAID = "c:says"
_REPORTED = frozenset({_SAID, "s:rumour"})
_SPEECH_REACH = 3


def attribution_of(reading: Reading, draft: Draft) -> Attribution:
    """Find the newspaper or agency named as the source, and the person who speaks of the deal.

    The deal's own sentences are read first, then the one behind each, where quotes and sources stand.
    """
    source = speaker = None
    for sentence in _around(reading, draft):
        for position, token in enumerate(sentence.tokens):
            mention = token.mention
            if mention is None:
                continue
            if source is None and _reports(sentence, position, mention):
                source = entity_of(mention)
            elif speaker is None and _speaks(sentence, position, mention):
                speaker = entity_of(mention)
    return Attribution(source=source, speaker=speaker)


def _around(reading: Reading, draft: Draft) -> Iterator[Sentence]:
    told = sorted({event.sentence.index for event in draft.events})
    behind = [index + 1 for index in told if index + 1 < len(reading.sentences) and index + 1 not in told]
    for index in (*told, *behind):
        yield reading.sentences[index]


def _reports(sentence: Sentence, position: int, mention: Mention) -> bool:
    near = sentence.concepts_near(position, REPORT_REACH)
    return mention.text in media_names() and not near.isdisjoint(_REPORTED)


def _speaks(sentence: Sentence, position: int, mention: Mention) -> bool:
    return mention.label == "PERSON" and _SAID in sentence.concepts_near(position, _SPEECH_REACH)


def binding_of(draft: Draft) -> bool | None:
    """Tell whether the deal's sentences call it firm (True), an intention (False), or neither (None)."""
    hits = [hit for event in draft.events for hit in event.sentence.hits]
    found = {hit.concept for hit in hits if hit.kind == "binding"}
    if "loose" in found:
        return False
    return True if "firm" in found else None

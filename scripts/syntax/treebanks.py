"""Read Universal Dependencies treebanks as the deal finder reads sentences: names and figures are one token.

Sentences come from CoNLL-U files. Every proper name is masked (`<org>`, mostly, since companies matter most),
and so are some short noun phrases, since companies take their places, and figures of money, percents, years.
"""

from __future__ import annotations

import lzma
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dealfacts.deals.reading import TOKEN

KEPT_SUBTYPES = frozenset(
    {"nsubj:pass", "aux:pass", "expl:pass", "obl:agent", "nmod:poss", "acl:relcl", "compound:prt"}
)
"""Relations whose subtype matters here; others lose it."""
_COLUMNS = 10
_PARTS_OF_NAMES = frozenset({"flat", "compound", "goeswith"})
_KINDS_OF_PARTS = frozenset({"PROPN", "NOUN", "X", "NUM", "ADP", "DET"})
_KINDS_OF_SHORT_PHRASES = frozenset({"NOUN", "ADJ", "DET", "PROPN"})
_LOOSE = frozenset(
    {"case", "cc", "punct", "mark", "appos", "conj", "acl", "nmod", "cop", "nsubj", "parataxis"}
)
"""What hangs from a noun without being part of its phrase."""
_NAME_MASKS, _NAME_SHARES = ("<org>", "<person>", "<gpe>", "<product>"), (70, 14, 10, 6)
_NOUN_SHARE, _MOST_NOUNS = 0.15, 3
"""How many short noun phrases are masked, and how many words make a short one."""
_CURRENCIES = frozenset("$€£¥") | {"dollars", "dollar", "euro", "euros", "dólares", "pesetas", "pesos"}
_PERCENTS = frozenset({"%", "percent", "procent"})
_MULTIPLIERS = frozenset({"million", "billion", "miljoen", "miljard", "mil", "millones"})
_YEAR = 4


@dataclass(frozen=True)
class Node:
    """A syntactic word of a treebank."""

    form: str
    upos: str
    head: int
    """Its head, counted from 1; 0 for the root."""
    relation: str


@dataclass(frozen=True)
class Parsed:
    """A sentence as the parser reads it: for each token the index of its head (its own at the root)."""

    language: str
    words: list[str]
    heads: list[int]
    relations: list[str]


@dataclass(frozen=True)
class Form:
    """A word of the text, with the first and last node it stands for and whether a space follows."""

    text: str
    first: int
    last: int
    space: bool


@dataclass
class Sentence:
    """A sentence of a treebank."""

    nodes: list[Node]
    forms: list[Form]

    @property
    def key(self) -> str:
        """Its text without spaces."""
        return "".join(form.text for form in self.forms)


@dataclass
class Group:
    """A token of the deal finder: its word or mask and the nodes it covers."""

    word: str
    nodes: set[int]


def read_treebank(path: Path, language: str, draw: random.Random, seen: set[str]) -> Iterator[Parsed]:
    """Yield the sentences of a CoNLL-U file, masked anew each time.

    Args:
        path: plain or compressed with xz.
        language: BCP 47 tag.
        draw: chooses what is masked.
        seen: texts without spaces (see `texts_of`) to leave out.
    """
    for sentence in _sentences(path):
        if sentence.key not in seen and (parsed := _as_read(sentence, language, draw)):
            yield parsed


def texts_of(path: Path) -> set[str]:
    """Return the texts of a CoNLL-U file, without spaces."""
    return {sentence.key for sentence in _sentences(path)}


def _sentences(path: Path) -> Iterator[Sentence]:
    content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    sentence = Sentence([], [])
    for line in content.decode("utf-8").split("\n"):
        cells = line.split("\t")
        if len(cells) == _COLUMNS:
            _add_line(sentence, cells)
        elif not line and sentence.nodes:
            yield sentence
            sentence = Sentence([], [])


def _add_line(sentence: Sentence, cells: list[str]) -> None:
    space = "SpaceAfter=No" not in cells[9]
    if "-" in cells[0]:
        first, last = map(int, cells[0].split("-"))
        sentence.forms.append(Form(cells[1], first, last, space))
    elif cells[0].isdigit():
        sentence.nodes.append(Node(cells[1], cells[3], int(cells[6]), _relation(cells[7])))
        number = len(sentence.nodes)
        if not sentence.forms or sentence.forms[-1].last < number:
            sentence.forms.append(Form(cells[1], number, number, space))


def _relation(name: str) -> str:
    return name if name in KEPT_SUBTYPES else name.partition(":")[0]


def _as_read(sentence: Sentence, language: str, draw: random.Random) -> Parsed | None:
    """Turn a sentence into tokens as the deal finder sees them; None where that leaves no tree."""
    groups = _groups(sentence, _masks(sentence.nodes, draw))
    owner: dict[int, int] = {}
    for index, group in enumerate(groups):
        for node in group.nodes:
            owner.setdefault(node, index)
    if len(owner) != len(sentence.nodes):
        return None
    heads, relations = [], []
    for index, group in enumerate(groups):
        top = _top([node for node in group.nodes if owner[node] == index], sentence.nodes, owner)
        if top is None:
            heads.append(index)
            relations.append("root")
        else:
            heads.append(owner[top.head])
            relations.append(top.relation)
    if relations.count("root") != 1 or not _is_tree(heads):
        return None
    return Parsed(language, [group.word for group in groups], heads, relations)


def _groups(sentence: Sentence, masks: dict[int, tuple[int, str]]) -> list[Group]:
    groups: list[Group] = []
    for word, covered in _tokens(sentence.forms):
        mask = next((masks[node] for node in sorted(covered) if node in masks), None)
        nodes = {node for node, other in masks.items() if other == mask} if mask else covered
        # A masked stretch has several tokens, and a node may be cut in two.
        if groups and nodes & groups[-1].nodes:
            groups[-1].nodes |= nodes
        else:
            groups.append(Group(mask[1] if mask else word, set(nodes)))
    return groups


def _top(own: list[int], nodes: list[Node], owner: dict[int, int]) -> Node | None:
    """Return the node of a token that hangs from another token; None where it holds the root."""
    if any(not nodes[number - 1].head for number in own):
        return None
    here = {owner[number] for number in own}
    outside = [number for number in own if owner[nodes[number - 1].head] not in here]
    if not outside:
        return None
    # In `del`, made of `de` and `el`, and in `pensarlo` it is not the little words that matter.
    return nodes[min(outside, key=lambda n: (nodes[n - 1].upos in {"ADP", "DET", "PUNCT"}, n)) - 1]


def _is_tree(heads: list[int]) -> bool:
    """Tell whether every token leads to the root."""
    for start in range(len(heads)):
        place = start
        for _ in heads:
            place = heads[place]
        if heads[place] != place:
            return False
    return True


def _tokens(forms: Iterable[Form]) -> Iterator[tuple[str, set[int]]]:
    """Cut the text of a sentence as the deal finder does; yield each token with the nodes it covers."""
    text = ""
    spans = []
    for form in forms:
        spans.append((len(text), len(text) + len(form.text), form))
        text += form.text + (" " if form.space else "")
    for match in TOKEN.finditer(text):
        nodes = {
            node
            for start, end, form in spans
            if start < match.end() and match.start() < end
            for node in range(form.first, form.last + 1)
        }
        yield match[0].lower().replace("’", "'"), nodes


def _masks(nodes: list[Node], draw: random.Random) -> dict[int, tuple[int, str]]:
    """Choose the stretches that are masked: node to the stretch's first node and its mask."""
    children: dict[int, list[int]] = {}
    for number, node in enumerate(nodes, start=1):
        children.setdefault(node.head, []).append(number)
    masks: dict[int, tuple[int, str]] = {}
    for number in range(1, len(nodes) + 1):
        if number in masks:
            continue
        stretch, mask = _stretch(number, nodes, children, draw)
        in_one_piece = stretch and max(stretch) - min(stretch) + 1 == len(stretch)
        if in_one_piece and not stretch & set(masks):
            masks.update(dict.fromkeys(stretch, (min(stretch), mask)))
    return masks


def _stretch(
    number: int, nodes: list[Node], children: dict[int, list[int]], draw: random.Random
) -> tuple[set[int], str]:
    """Return what is masked together with a node, and as what; nothing where it stays."""
    node, below = nodes[number - 1], _below(number, nodes, children)
    if figure := _figure([nodes[each - 1] for each in below]):
        return below, figure
    if node.upos == "PROPN" and node.relation not in _PARTS_OF_NAMES:
        parts = {
            child
            for child in children.get(number, ())
            if nodes[child - 1].relation in _PARTS_OF_NAMES and nodes[child - 1].upos in _KINDS_OF_PARTS
        }
        return {number} | parts, draw.choices(_NAME_MASKS, _NAME_SHARES)[0]
    short = len(below) <= _MOST_NOUNS and all(
        nodes[each - 1].upos in _KINDS_OF_SHORT_PHRASES for each in below
    )
    if node.upos == "NOUN" and short and draw.random() < _NOUN_SHARE:
        return below, "<org>"
    return set(), ""


def _below(number: int, nodes: list[Node], children: dict[int, list[int]]) -> set[int]:
    """Return a node with what belongs to it, without prepositions, clauses and further phrases."""
    found, waiting = {number}, [number]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            # Old treebanks have a few sentences whose nodes hang from each other in a ring.
            if child not in found and nodes[child - 1].relation.partition(":")[0] not in _LOOSE:
                found.add(child)
                waiting.append(child)
    return found


def _figure(words: list[Node]) -> str:
    """Return the mask of a phrase of figures only, or nothing."""
    forms = {word.form.lower() for word in words}
    known = _CURRENCIES | _PERCENTS | _MULTIPLIERS
    if not any(word.upos == "NUM" for word in words) or not all(
        word.upos in {"NUM", "SYM"} or word.form.lower() in known for word in words
    ):
        return ""
    if forms & _PERCENTS:
        return "<percent>"
    if forms & _CURRENCIES:
        return "<money>"
    is_year = len(words) == 1 and len(words[0].form) == _YEAR and words[0].form.isdigit()
    return "<date>" if is_year else ""

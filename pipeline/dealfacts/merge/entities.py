"""Who is who: which names in a corpus stand for one person, place or organisation.

Names that are equal but for legal form, accents and spacing are one from the start. All other pairs
must be found by a key (a shorter form, initials, spelling, an institution's name in another language)
and score enough: each score is a sum of named contributions, so that it can be explained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from dealfacts.merge.clusters import DisjointSets, Join, Links, agglomerate, by_part
from dealfacts.merge.corpus import SIDES, Claim, Corpus
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.names import (
    country_code,
    fold,
    gloss_key,
    glosses,
    lexicon,
    name_form,
    sound_key,
)
from dealfacts.merge.senses import Senses, settle_short_names
from dealfacts.merge.settings import NameWeights
from dealfacts.records import content_id

_MAX_TOKENS = 7
_NAME_VETO = -0.5
_RARE = 2
_RARE_SHARE = 6
_MAX_SOUND_BUCKET = 30


@dataclass(slots=True)
class NameNode:
    """All spellings with one core and kind; `key` is unique among the nodes."""

    key: str
    kind: str
    core: tuple[str, ...]
    names: list[int] = field(default_factory=list)
    capitals: bool = False
    acronyms: set[str] = field(default_factory=set)


class NameEdge(NamedTuple):
    """How likely two nodes are one, by contribution; `short` and `long` are node numbers."""

    short: int
    long: int
    parts: tuple[tuple[str, float], ...]

    @property
    def score(self) -> float:
        """The sum of the contributions."""
        return sum(value for _, value in self.parts)

    @property
    def pair(self) -> tuple[int, int]:
        """The two nodes, smaller first."""
        return min(self.short, self.long), max(self.short, self.long)


@dataclass
class Entities:
    """The outcome: an entity for each name number."""

    nodes: list[NameNode]
    edges: list[NameEdge]
    entity_of: list[int]
    """Name number -> entity number (the smallest node number of the group)."""
    ids: dict[int, str]
    """Entity number -> id."""
    descriptive: list[bool]
    """Name number -> whether it describes rather than names."""
    glosses: dict[int, frozenset[str]]
    """Entity number -> the common words of institutions in its names, for those that have any."""
    senses: Senses
    """Claims in which a short name means another entity than it does by itself."""

    def of(self, claim: Claim, name: int) -> int:
        """Return the entity that a name means in a claim."""
        return self.senses.get((claim.id, name), self.entity_of[name])


def resolve_names(
    corpus: Corpus, decisions: Decisions, weights: NameWeights, report: Callable[[Join], None] | None = None
) -> Entities:
    """Group the names of a corpus into entities.

    Args:
        corpus: the claims with their names.
        decisions: what people have said about names; it wins.
        weights: what each sign of identity counts for.
        report: told of joins and near-joins, by node number.

    Returns:
        The entities; they depend only on the names and who they deal with, not on the order of input.
    """
    nodes, node_of = _make_nodes(corpus, decisions)
    candidates = list(_candidates(nodes))
    by_text: dict[str, list[int]] = defaultdict(list)
    for node_number, node in enumerate(nodes):
        for name in node.names:
            by_text[corpus.names[name].text].append(node_number)
    decided = decisions.name_pairs(by_text)
    group_of = {number: number for number in range(len(nodes))}
    signs = _Signs(corpus, nodes, node_of, candidates)
    for last in (False, True):  # whom a name deals with is clearer once those are known themselves
        signs.take_for_one(group_of)
        edges = _score(nodes, candidates, signs, weights)
        groups = _group(len(nodes), edges, weights.threshold, decided, (report if last else None) or _ignore)
        group_of = {node: group[0] for group in groups for node in group}
    entity_of = [group_of[node_of[name]] for name in range(len(corpus.names))]
    ids = {group[0]: content_id("e", min(nodes[node].key for node in group)) for group in groups}
    glossed = {
        group[0]: frozenset().union(*(glosses(nodes[node].core) for node in group)) for group in groups
    }
    descriptive = [name_form(entry.text).descriptive and entry.kind == "O" for entry in corpus.names]
    glossed = {entity: words for entity, words in glossed.items() if words}
    senses = settle_short_names(corpus, _longer_forms(nodes, edges), node_of, group_of)
    return Entities(nodes, edges, entity_of, ids, descriptive, glossed, senses)


def _longer_forms(nodes: list[NameNode], edges: list[NameEdge]) -> dict[int, list[int]]:
    """List for each short name the longer ones that may be meant by it: not those of a division."""
    longer: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        if edge.parts[0][0] == "contained" and _extra_kind(nodes[edge.short], nodes[edge.long]) != "division":
            longer[edge.short].append(edge.long)
    return longer


def _make_nodes(corpus: Corpus, decisions: Decisions) -> tuple[list[NameNode], list[int]]:
    """Put names with the same core and kind into one node; nodes are numbered by key."""
    keys: list[str] = []
    found: dict[str, NameNode] = {}
    for number, entry in enumerate(corpus.names):
        core = fold(entry.text) if entry.kind == "P" else name_form(entry.text).core
        code = country_code(entry.text) if entry.kind != "P" else None
        kind = "G" if code else entry.kind
        key = f"{kind}:{'country ' + code if code else ''.join(core) or entry.text}"
        if entry.text in decisions.names_apart:  # a name that people set apart stands alone
            key += f"={entry.text}"
        node = found.setdefault(key, NameNode(key, kind, core))
        node.names.append(number)
        node.core = min(node.core, core)
        node.capitals |= entry.text.isupper()
        if kind == "O":
            node.acronyms |= name_form(entry.text).acronyms
        keys.append(key)
    nodes = [found[key] for key in sorted(found)]
    numbers = {node.key: number for number, node in enumerate(nodes)}
    return nodes, [numbers[key] for key in keys]


class _Candidate(NamedTuple):
    short: int
    long: int
    why: str


def _candidates(nodes: list[NameNode]) -> Iterator[_Candidate]:
    """Find pairs worth scoring through shared keys: the cost is about linear in the number of names."""
    by_squash: dict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        by_squash["".join(node.core)].append(number)
    for same in by_squash.values():
        for i, a in enumerate(same):
            for b in same[i + 1 :]:
                yield _Candidate(a, b, "same_core")
    for number, node in enumerate(nodes):
        if node.kind == "O":
            yield from _shorter_forms(number, node, nodes, by_squash)
    yield from _same_key(
        nodes, "institution", lambda node: gloss_key(node.core) if node.kind == "O" else None
    )
    yield from _same_spelling(nodes)
    yield from _same_key(nodes, "person_initials", _person_key)


def _shorter_forms(
    number: int, node: NameNode, nodes: list[NameNode], by_squash: dict[str, list[int]]
) -> Iterator[_Candidate]:
    core = node.core[:_MAX_TOKENS]
    words = lexicon()
    for cut in range(1, len(core)):
        for part in (core[:cut], core[cut:]):
            if len(part) == 1 and (
                part[0] in words.form_words or part[0] in words.division_words or len(part[0]) < 3
            ):
                continue
            for short in by_squash.get("".join(part), ()):
                if nodes[short].kind == "O" and short != number:
                    yield _Candidate(short, number, "contained")
    for acronym in sorted(node.acronyms):
        for short in by_squash.get(acronym, ()):
            if nodes[short].kind == "O" and nodes[short].capitals and short != number:
                yield _Candidate(short, number, "acronym")


def _same_key(
    nodes: list[NameNode], why: str, key_of: Callable[[NameNode], str | None]
) -> Iterator[_Candidate]:
    buckets: dict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        if key := key_of(node):
            buckets[key].append(number)
    for bucket in buckets.values():
        for i, a in enumerate(bucket):
            for b in bucket[i + 1 : i + 1 + _MAX_SOUND_BUCKET]:
                yield _Candidate(a, b, why)


def _person_key(node: NameNode) -> str | None:
    """First and last name, so that a middle name or initial may be left out."""
    if node.kind != "P" or len(node.core) < 2:
        return None
    return f"{node.core[0]} {node.core[-1]}"


def _same_spelling(nodes: list[NameNode]) -> Iterator[_Candidate]:
    """Pair names of one sound that are a slip of the pen apart."""

    def key_of(node: NameNode) -> str | None:
        squashed = "".join(node.core)
        return f"{node.kind} {sound_key(squashed)}" if node.kind == "O" and len(squashed) >= 7 else None

    for pair in _same_key(nodes, "spelling", key_of):
        a, b = "".join(nodes[pair.short].core), "".join(nodes[pair.long].core)
        edits = OSA.distance(a, b)
        if a != b and edits <= (1 if len(a) < 10 else 2) and JaroWinkler.similarity(a, b) >= 0.9:
            yield pair


def _ignore(_: Join) -> None:
    """Take no note of a join."""


def _score(
    nodes: list[NameNode], candidates: list[_Candidate], signs: _Signs, weights: NameWeights
) -> list[NameEdge]:
    lengthened: dict[int, int] = defaultdict(int)
    for pair in candidates:
        if pair.why == "contained" and _extra_kind(nodes[pair.short], nodes[pair.long]) != "division":
            lengthened[pair.short] += 1
    edges: dict[tuple[int, int], NameEdge] = {}
    for pair in candidates:
        parts = tuple(_parts(nodes, pair, signs, lengthened[pair.short], weights))
        edge = NameEdge(pair.short, pair.long, parts)
        known = edges.get(edge.pair)
        if known is None or (edge.score, edge.parts) > (known.score, known.parts):
            edges[edge.pair] = edge
    return [edges[key] for key in sorted(edges)]


def _parts(
    nodes: list[NameNode], pair: _Candidate, signs: _Signs, lengthened: int, weights: NameWeights
) -> Iterator[tuple[str, float]]:
    """Name each sign for or against two names being one, with what it counts for."""
    short, long = nodes[pair.short], nodes[pair.long]
    if pair.why == "person_initials" and not _initials_agree(short.core, long.core):
        yield "middle_names_differ", -1.0
        return
    yield pair.why, getattr(weights, pair.why)
    kinds = {short.kind, long.kind}
    if len(kinds) == 2:
        name = "place_and_organisation" if "G" in kinds else "person_and_organisation"
        yield name, getattr(weights, name)
    if pair.why == "contained":
        extra = _extra_kind(short, long)
        if extra != "other":
            yield extra, getattr(weights, extra)
        if lengthened > 1 and not signs.only_with_context(pair):
            yield "several_candidates", weights.several_candidates
    if pair.why == "spelling" and signs.both_common(pair):
        yield "both_common", weights.both_common
    if signs.alias(pair.short, pair.long):
        yield "article_alias", weights.article_alias
    if signs.context(pair.short) & signs.context(pair.long):
        yield "shared_context", weights.shared_context
    if pair.why != "same_core" and signs.articles(pair.short) & signs.articles(pair.long):
        yield "named_apart", weights.named_apart


def _initials_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    middle_a, middle_b = a[1:-1], b[1:-1]
    if not middle_a or not middle_b:
        return True
    return all(x.startswith(y) or y.startswith(x) for x, y in zip(middle_a, middle_b, strict=False))


def _extra_kind(short: NameNode, long: NameNode) -> str:
    """Say what the longer name adds: words that firms drop, a division or country, or something else."""
    squashed, core = "".join(short.core), long.core
    words = lexicon()
    extra: tuple[str, ...] = core
    for cut in range(1, len(core)):
        if "".join(core[:cut]) == squashed:
            extra = core[cut:]
        elif "".join(core[cut:]) == squashed:
            extra = core[:cut]
    if (
        " ".join(extra) in words.countries
        or any(token in words.division_words or token in words.countries for token in extra)
        or " ".join(extra) in words.division_words
    ):
        return "division"
    return (
        "form_words_only"
        if all(token in words.form_words or token in words.connectors for token in extra)
        else "other"
    )


class _Signs:
    """What the corpus says about the names that are candidates: whom they deal with and where they stand."""

    def __init__(
        self, corpus: Corpus, nodes: list[NameNode], node_of: list[int], candidates: list[_Candidate]
    ) -> None:
        self._candidates = candidates
        self._deals_with: dict[int, set[tuple[int, str]]] = defaultdict(set)
        self._contexts: dict[int, set[tuple[int, str]]] = {}
        self._articles: dict[int, set[str]] = defaultdict(set)
        self._aliases: set[tuple[int, int]] = set()
        self._longer: dict[int, set[int]] = {}
        involved = {number for pair in candidates for number in (pair.short, pair.long)}
        if involved:
            for claim in corpus.claims.values():
                self._note_claim(claim, node_of, involved)
            self._note_aliases(corpus, nodes, involved)

    def _note_claim(self, claim: Claim, node_of: list[int], involved: set[int]) -> None:
        present = [(SIDES[role], node_of[name]) for role, name in claim.parties]
        for side, node in present:
            if node in involved:
                self._articles[node].add(claim.article)
                for other_side, other in present:
                    if other != node and (other_side != side or side == "partner"):
                        self._deals_with[node].add((other, claim.type))

    def _note_aliases(self, corpus: Corpus, nodes: list[NameNode], involved: set[int]) -> None:
        by_text: dict[str, list[int]] = defaultdict(list)
        for number in involved:
            for name in nodes[number].names:
                by_text[corpus.names[name].text].append(number)
        for short, full in corpus.aliases:
            for a in by_text.get(short, ()):
                for b in by_text.get(full, ()):
                    self._aliases.update(((a, b), (b, a)))

    def take_for_one(self, group_of: dict[int, int]) -> None:
        """See whom names deal with in the light of which names are one."""
        self._contexts = {
            node: {(group_of[other], kind) for other, kind in found}
            for node, found in self._deals_with.items()
        }
        self._longer = defaultdict(set)
        for pair in self._candidates:
            if pair.why == "contained" and self.context(pair.short) & self.context(pair.long):
                self._longer[pair.short].add(pair.long)

    def both_common(self, pair: _Candidate) -> bool:
        """Tell whether neither of two spellings is rare: a slip is, even where copies spread it."""
        few, many = sorted((len(self._articles[pair.short]), len(self._articles[pair.long])))
        return few > _RARE and few * _RARE_SHARE > many

    def only_with_context(self, pair: _Candidate) -> bool:
        """Tell whether of all longer forms of a name this one alone deals with the same parties."""
        return self._longer.get(pair.short) == {pair.long}

    def context(self, node: int) -> set[tuple[int, str]]:
        return self._contexts.get(node, set())

    def articles(self, node: int) -> set[str]:
        return self._articles[node]

    def alias(self, a: int, b: int) -> bool:
        return (a, b) in self._aliases


def _group(
    size: int,
    edges: list[NameEdge],
    threshold: float,
    decided: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    report: Callable[[Join], None],
) -> list[list[int]]:
    """Cluster the nodes, each connected part by itself."""
    scores = {edge.pair: edge.score - threshold for edge in edges}
    together, apart = (sorted(set(pairs)) for pairs in decided)
    parts = DisjointSets[int]()
    for pair in [pair for pair, score in scores.items() if score > 0] + together:
        parts.union(*pair)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(size):
        members[parts.find(number)].append(number)
    inside: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    for pair, score in scores.items():
        if parts.find(pair[0]) == parts.find(pair[1]):
            inside[parts.find(pair[0])][pair] = score
        else:
            report(Join(score, False, *pair))
    joined, barred = by_part(together, parts), by_part([*apart, *_rival_forms(edges, scores)], parts)
    groups = [numbers for numbers in members.values() if len(numbers) == 1]
    for part, numbers in members.items():
        if len(numbers) > 1:
            links = Links(inside[part], joined.get(part, ()), barred.get(part, ()), _NAME_VETO)
            groups += agglomerate(numbers, links, report)
    return sorted(groups)


def _rival_forms(edges: list[NameEdge], scores: dict[tuple[int, int], float]) -> Iterator[tuple[int, int]]:
    """Keep two longer forms of one short name apart (Apollo Capital, Apollo Foods) unless they are linked."""
    longer: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        if edge.parts[0][0] == "contained" and scores[edge.pair] > 0:
            longer[edge.short].append(edge.long)
    for forms in longer.values():
        for i, a in enumerate(sorted(forms)):
            for b in sorted(forms)[i + 1 :]:
                if scores.get((a, b), -1.0) <= 0:
                    yield a, b

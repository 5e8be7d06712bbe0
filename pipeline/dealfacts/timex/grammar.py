"""A small grammar engine: token classes in, expressions out, in time linear in the text.

Every token carries the set of classes its word belongs to. Each distinct set is coded as one
character, so a sentence becomes a short string and a rule becomes a regular expression over it,
run by the regular expression engine. Rules are applied level by level: what one level finds is
replaced by a single symbol that the next level can use (a cascade of finite-state transducers, as
in Abney, "Partial parsing via finite-state cascades", 1996). At each place the longest match wins, and
among equals the earlier rule. No rule can repeat without bound, hence the linear time.

A rule is one line of language data, `CLASS ACTION key=value ... <- PATTERN`. The pattern is a
sequence of elements separated by spaces:

    month            a token of class `month`
    'of'             the word `of`; alternatives at one place are joined: `'of'|'in'|month`
    year=yyyy        the value of class `yyyy` is given to the action as `year`
    ','?  ord{0,2}   optional, repeated
    ( a b / c )?     groups, with alternatives separated by `/`
    <'in'  <!'in'    the token before must, must not be `in`; it stays outside the span; two in a row
                     (`<month <'to'`) stand for two tokens before
    >'in'  >!'in'    the same for the token after; more in a row (`>'to' >n >unit=unit >!'ago'`) are the
                     tokens that follow, and may fill slots; a `>!` ends the row
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dealfacts.errors import ConfigError

Values = Mapping[str, Any]
"""The classes of a token, each with its value; a word's own class is its text in quotes."""

Action = Callable[..., Any]

_FIRST_CODE = 0xE000  # a private use area: no clash with characters that mean something in a pattern
_ELEMENT = re.compile(
    r"(?P<look>[<>]!?)?(?:(?P<slot>[a-z_]\w*)=)?(?P<body>(?:'[^']*'|\"[^\"]*\"|[\w+]+)"
    r"(?:\|(?:'[^']*'|\"[^\"]*\"|[\w+]+))*)(?P<repeat>\?|\{\d,\d\})?"
)
_RULE = re.compile(r"(?P<out>\w+)\s+(?P<action>\w+)(?P<constants>(?:\s+\w+=\S+)*)\s*<-\s*(?P<pattern>.+)")


@dataclass(frozen=True, slots=True)
class Node:
    """A token, or what a rule made of several: where it stands and what it can be."""

    start: int
    end: int
    code: str
    values: Values


class Codes:
    """Gives each distinct set of classes one character and each class the characters that have it."""

    def __init__(self) -> None:
        self._codes: dict[frozenset[str], str] = {}
        self._holders: dict[str, set[str]] = {}

    def code(self, classes: Iterable[str]) -> str:
        """Return the character of a set of classes."""
        key = frozenset(classes)
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = chr(_FIRST_CODE + len(self._codes))
            for name in key:
                self._holders.setdefault(name, set()).add(code)
        return code

    def holders(self, classes: Iterable[str]) -> str:
        """Return all characters whose set holds one of `classes`, sorted."""
        return "".join(sorted(set().union(*(self._holders.get(name, ()) for name in classes))))


def element_classes(body: str) -> list[str]:
    """Split `'of'|month` into class names; a quoted word is its own class."""
    return [
        f"'{part[1:-1].casefold()}'" if part[0] in "'\"" else part
        for part in re.findall(r"'[^']*'|\"[^\"]*\"|[\w+]+", body)
    ]


def _constant(text: str) -> int | float | str:
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else text


@dataclass(frozen=True)
class RuleText:
    """A rule as written: what it makes, how, and its pattern."""

    out: str
    action: str
    constants: dict[str, Any]
    pattern: str

    @classmethod
    def parse(cls, line: str) -> RuleText:
        """Read a rule line.

        Raises:
            ConfigError: when the line is not a rule.
        """
        found = _RULE.fullmatch(line.strip())
        if found is None:
            raise ConfigError(f"not a grammar rule: {line!r}; write CLASS ACTION key=value <- PATTERN")
        pairs = (item.split("=", 1) for item in found["constants"].split())
        constants = {key: _constant(value) for key, value in pairs}
        return cls(found["out"], found["action"], constants, found["pattern"])

    def words(self) -> set[str]:
        """Return the words the pattern names, casefolded."""
        return {
            name[1:-1]
            for found in _ELEMENT.finditer(self.pattern)
            for name in element_classes(found["body"])
            if name[0] == "'"
        }


class Rule:
    """A compiled rule."""

    def __init__(self, text: RuleText, codes: Codes, action: Action) -> None:
        self.text = text
        self._action = action
        self._codes = codes
        self._slots: list[tuple[str, str, list[str]]] = []
        source, self.first, nullable = self._sequence(text.pattern.split())
        if nullable:
            raise ConfigError(f"a rule that matches nothing: {text.pattern!r}")
        self.regex = re.compile(source)

    def _sequence(self, words: list[str]) -> tuple[str, set[str], bool]:
        """Translate a sequence; return its source, what it can start with, and whether it can be empty."""
        source, first, nullable = "", set[str](), True
        if len(words) > 1 and words[0][:2] != "<!" and words[0][0] == words[1][0] == "<":
            behind = [self._codes.holders(element_classes(word[1:])) for word in words[:2]]
            source = f"(?<=[{behind[0]}][{behind[1]}])" if all(behind) else "(?!)"
            words = words[2:]
        while words:
            word = words.pop(0)
            if word[0] == ">" and word[:2] != ">!":
                row = [word[1:]]
                while words and words[0][0] == ">" and not row[-1].startswith("!"):
                    row.append(words.pop(0)[1:])
                source += f"(?={''.join(self._ahead(item) for item in row)})"
                continue
            if word == "(":
                part, starts, empty = self._group(words)
            else:
                part, starts, empty = self._element(word)
            source += part
            if nullable:
                first |= starts
            nullable = nullable and empty
        return source, first, nullable

    def _ahead(self, word: str) -> str:
        """Translate one place of what must come next; a slot there is filled as anywhere."""
        return self._element(f">{word}" if word[0] == "!" else word)[0]

    def _group(self, words: list[str]) -> tuple[str, set[str], bool]:
        options: list[list[str]] = [[]]
        depth = 0
        while words:
            word = words.pop(0)
            if not depth and word[0] == ")":
                break
            if not depth and word == "/":
                options.append([])
                continue
            depth += (word == "(") - (word[0] == ")")
            options[-1].append(word)
        else:
            raise ConfigError(f"an unclosed group: {self.text.pattern!r}")
        read = [self._sequence(option) for option in options]
        repeat = word[1:]
        empty = any(nullable for _, _, nullable in read) or repeat.startswith(("?", "{0"))
        starts = set().union(*(first for _, first, _ in read))
        return f"(?:{'|'.join(source for source, _, _ in read)}){repeat}", starts, empty

    def _element(self, word: str) -> tuple[str, set[str], bool]:
        found = _ELEMENT.fullmatch(word)
        if found is None:
            raise ConfigError(f"not a pattern element: {word!r} in {self.text.pattern!r}")
        classes = element_classes(found["body"])
        holders = self._codes.holders(classes)
        if look := found["look"]:
            inside = f"[{holders}]" if holders else "(?!)"
            return f"(?{'<' if look[0] == '<' else ''}{'!' if '!' in look else '='}{inside})", set(), True
        if not holders:
            # No word of this language is of the class: an optional element vanishes, another kills the rule.
            optional = (found["repeat"] or "").startswith(("?", "{0"))
            return ("", set(), True) if optional else ("(?!)", set(), False)
        repeat = found["repeat"] or ""
        source = f"[{holders}]"
        if found["slot"]:
            group = f"g{len(self._slots)}"
            self._slots.append((group, found["slot"], classes))
            source = f"(?P<{group}>{source})"
        return source + repeat, set(holders), repeat.startswith(("?", "{0"))

    def make(self, found: re.Match[str], nodes: Sequence[Node]) -> Any | None:
        """Run the action on a match; None when it refuses."""
        given = dict(self.text.constants)
        for group, slot, classes in self._slots:
            place = found.start(group)
            if place >= 0:
                values = nodes[place].values
                given[slot] = next(values[name] for name in classes if name in values)
        return self._action(**given)


class Level:
    """The rules that are tried together, and how often."""

    def __init__(self, rules: Sequence[Rule], codes: Codes, passes: int) -> None:
        self._passes = passes
        self._codes = codes
        self._by_first: dict[str, list[Rule]] = {}
        for rule in rules:
            for first in sorted(rule.first):
                self._by_first.setdefault(first, []).append(rule)
        starts = "".join(sorted(self._by_first))
        self._starts = re.compile(f"[{starts}]" if starts else "(?!)")

    def apply(self, nodes: list[Node]) -> list[Node]:
        """Replace every match, longest first at each place, by one node."""
        for _ in range(self._passes):
            reduced = self._apply_once(nodes)
            if reduced is None:
                break
            nodes = reduced
        return nodes

    def _apply_once(self, nodes: list[Node]) -> list[Node] | None:
        tags = "".join([node.code for node in nodes])
        search = self._starts.search
        out: list[Node] = []
        done = place = 0
        while start := search(tags, place):
            place = start.start()
            end, node = self._longest(tags, place, nodes)
            if node is None:
                place += 1
                continue
            out += nodes[done:place]
            out.append(node)
            done = place = end
        if not done:
            return None
        out += nodes[done:]
        return out

    def _longest(self, tags: str, place: int, nodes: list[Node]) -> tuple[int, Node | None]:
        matches = []
        for rank, rule in enumerate(self._by_first[tags[place]]):
            found = rule.regex.match(tags, place)
            if found is not None:
                matches.append((-found.end(), rank, found, rule))
        matches.sort(key=lambda match: match[:2])
        for minus_end, _, found, rule in matches:
            value = rule.make(found, nodes)
            if value is not None:
                out = rule.text.out
                last = nodes[-minus_end - 1]
                return -minus_end, Node(nodes[place].start, last.end, self._codes.code((out,)), {out: value})
        return place, None

"""What one run leaves for the next: which claims were weighed together and the rows they gave.

Only digests and finished rows are kept, and each is used only where everything it depends on is the same
as before. So a run with a memory gives the same table as a run without, only sooner.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import zstandard

from dealfacts.errors import InputError
from dealfacts.jsonl import atomic_output
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.nodes import Node
from dealfacts.merge.settings import Settings

Plain = dict[str, Any]

_VERSION = 1
"""Raise it when the same claims come to be grouped or folded otherwise: older memories are then ignored."""


@dataclass
class Memory:
    """The parts and rows of a run.

    `key` stands for the settings, decisions and version it was made with; `parts` holds for each connected
    part the digests of its nodes, group by group; `rows` the finished rows by digest.
    """

    key: str
    parts: list[list[list[str]]] = field(default_factory=list)
    rows: dict[str, Plain] = field(default_factory=dict)


def memory_key(decisions: Decisions, settings: Settings) -> str:
    """Return a digest of all that a table depends on besides its articles."""
    told = [_VERSION, settings.model_dump_json(), repr(decisions)]
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


def node_digests(nodes: Sequence[Node], entity_ids: Mapping[int, str]) -> list[str]:
    """Return a digest of each node: equal for nodes that are weighed alike against any other.

    Args:
        nodes: from `make_nodes`.
        entity_ids: entity number -> id; numbers change from run to run, ids do not.
    """
    return [_digest(_node_content(node, entity_ids)) for node in nodes]


def _node_content(node: Node, entity_ids: Mapping[int, str]) -> Iterable[object]:
    sides = (node.objects, node.sources, node.sellers, node.partners)
    sums = (node.amount, node.valuation, node.stake, *node.quantities)
    return (
        node.claims,
        node.articles,
        node.stories,
        node.type,
        node.status,
        *(sorted(entity_ids[party] for party in side) for side in sides),
        [value and value.raw for value in sums],
        [(role, date.raw) for role, date in node.dates.items()],
        node.first_day,
        node.last_day,
        sorted(node.languages),
        sorted((side, sorted(words)) for side, words in node.glosses.items()),
    )


def row_digest(content: Iterable[object]) -> str:
    """Return a digest of all that a row is folded from."""
    return _digest(content)


def _digest(content: Iterable[object]) -> str:
    return hashlib.blake2b(repr(tuple(content)).encode(), digest_size=12).hexdigest()


def save_memory(path: Path, memory: Memory) -> None:
    """Write a memory, compressed, atomically."""
    with atomic_output(path) as file, zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packed:
        packed.write(
            orjson.dumps({"key": memory.key, "parts": memory.parts}, option=orjson.OPT_APPEND_NEWLINE)
        )
        for digest, row in memory.rows.items():
            packed.write(orjson.dumps([digest, row], option=orjson.OPT_APPEND_NEWLINE))


def load_memory(path: Path) -> Memory | None:
    """Read a memory; None when there is none.

    Raises:
        InputError: when the file is damaged.
    """
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as packed:
            head, *rows = packed.read().splitlines()
        found = orjson.loads(head)
        return Memory(found["key"], found["parts"], dict(map(orjson.loads, rows)))
    except (OSError, ValueError, KeyError, zstandard.ZstdError) as error:
        raise InputError(f"{path}: not a memory of a merge ({error}); remove it") from error

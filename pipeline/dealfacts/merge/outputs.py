"""The files of a finished run: deals.jsonl, deals.csv, deals.parquet and dealfacts.duckdb.

Each appears only when it is whole. Parquet and CSV are the same bytes for the same deals; a DuckDB file
is not (it holds a random database id), but its tables are the same, row by row.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from dealfacts.jsonl import atomic_output
from dealfacts.merge.flat import COLUMNS, flat_row, party_rows, safe_cell
from dealfacts.records import Article, Deal

Plain = dict[str, Any]

_STRUCTS = {
    "roles": "STRUCT(role VARCHAR, name VARCHAR, entity_id VARCHAR, aliases VARCHAR[])[]",
    "status_history": "STRUCT(status VARCHAR, date VARCHAR, fact_ids VARCHAR[])[]",
    "record": "VARCHAR",
}
TABLES: dict[str, dict[str, str]] = {
    "articles": {
        "id": "VARCHAR",
        "url": "VARCHAR",
        "source": "VARCHAR",
        "title": "VARCHAR",
        "published": "VARCHAR",
        "lang": "VARCHAR",
        "text": "VARCHAR",
    },
    "mentions": {
        "article_id": "VARCHAR",
        "id": "VARCHAR",
        "start": "INTEGER",
        "end": "INTEGER",
        "text": "VARCHAR",
        "label": "VARCHAR",
        "value": "VARCHAR",
        "stage": "VARCHAR",
    },
    "facts": {
        "id": "VARCHAR",
        "article_id": "VARCHAR",
        "deal_id": "VARCHAR",
        "type": "VARCHAR",
        "status": "VARCHAR",
        "parties": "STRUCT(role VARCHAR, name VARCHAR)[]",
        "amount": "DOUBLE",
        "currency": "VARCHAR",
        "amount_modifier": "VARCHAR",
        "stake_percent": "DOUBLE",
        "attribution_source": "VARCHAR",
        "attribution_speaker": "VARCHAR",
        "confidence": "DOUBLE",
        "evidence": 'STRUCT("start" INTEGER, "end" INTEGER, text VARCHAR, translation VARCHAR)[]',
        "record": "VARCHAR",
    },
    "deals": COLUMNS | _STRUCTS,
    "parties": {
        "deal_id": "VARCHAR",
        "role": "VARCHAR",
        "name": "VARCHAR",
        "entity_id": "VARCHAR",
        "aliases": "VARCHAR[]",
    },
    "conflicts": {
        "deal_id": "VARCHAR",
        "field": "VARCHAR",
        "rank": "INTEGER",
        "value": "VARCHAR",
        "fact_ids": "VARCHAR[]",
    },
}
"""Table -> column -> DuckDB type. `record` is the whole record as JSON."""

VIEWS = {
    "deal_evidence": """
        SELECT f.deal_id, f.id AS fact_id, f.article_id, a.published, a.lang, a.source, a.title,
               f.status, f.amount, f.currency, e.text AS sentence, e.translation
        FROM facts f JOIN articles a ON a.id = f.article_id, UNNEST(f.evidence) AS u(e)
        ORDER BY f.deal_id, a.published, f.id""",
    "status_changes": """
        SELECT d.id AS deal_id, d.type, d.buyer_side, d.target_side, h.status, h.date, h.fact_ids
        FROM deals d, UNNEST(d.status_history) AS u(h) ORDER BY h.date, d.id""",
    "disputed_deals": """
        SELECT d.id, d.type, d.status, d.buyer_side, d.target_side, c.field,
               list(c.value ORDER BY c.rank) AS reported
        FROM deals d JOIN conflicts c ON c.deal_id = d.id
        GROUP BY ALL ORDER BY d.id, c.field""",
    "entities": """
        SELECT entity_id, min(name) AS name, count(DISTINCT deal_id) AS n_deals,
               list_sort(list_distinct(flatten(list(aliases)))) AS aliases
        FROM parties GROUP BY entity_id ORDER BY n_deals DESC, entity_id""",
    "deals_by_month": """
        SELECT first_reported[:7] AS month, type, count(*) AS n_deals
        FROM deals WHERE first_reported IS NOT NULL GROUP BY ALL ORDER BY month, type""",
}
"""Ready-made views of the database."""


def write_outputs(folder: Path, articles: Iterable[Article | Plain], deals: Iterable[Deal | Plain]) -> None:
    """Write the table in all its forms.

    Args:
        folder: where to; made if need be.
        articles: the articles with mentions and facts, read once, in any number.
        deals: from `merge`, in the order in which they shall be written.

    Raises:
        OSError: when the disk is full or the folder cannot be written; earlier files stay as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = [deal.model_dump(mode="json") if isinstance(deal, Deal) else deal for deal in deals]
    with atomic_output(folder / "deals.jsonl") as file:
        for row in rows:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    _write_csv(folder / "deals.csv", rows)
    with tempfile.TemporaryDirectory(prefix=".tables-", dir=folder) as scratch:
        _write_database(folder, Path(scratch), articles, rows)


def _write_csv(path: Path, rows: Iterable[Plain]) -> None:
    with atomic_output(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\r\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({column: safe_cell(value) for column, value in flat_row(row).items()})
        text.detach()


def _write_database(
    folder: Path, scratch: Path, articles: Iterable[Article | Plain], rows: list[Plain]
) -> None:
    import duckdb  # noqa: PLC0415 - only the command that writes the tables should wait for it

    deal_of = {fact: row["id"] for row in rows for fact in row["fact_ids"]}
    _write_article_tables(scratch, articles, deal_of)
    with _lines(scratch, "deals") as write:
        for row in rows:
            write(_deal_row(row))
    with _lines(scratch, "parties") as write:
        for party in party_rows(rows):
            write(party)
    with _lines(scratch, "conflicts") as write:
        for conflict in _conflict_rows(rows):
            write(conflict)
    database = scratch / "dealfacts.duckdb"
    parquet = scratch / "deals.parquet"
    # One thread: rows and row groups then come in one order, and the Parquet bytes are the same each time.
    with duckdb.connect(str(database), config={"threads": 1}) as connection:
        for table in TABLES:
            connection.execute(_create(table), [str(scratch / f"{table}.jsonl")])
        for view, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {view} AS {query}")
        connection.execute(f"COPY deals TO {_quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)")
    for made in (parquet, database):
        with made.open("rb") as source, atomic_output(folder / made.name) as target:
            shutil.copyfileobj(source, target)


def _create(table: str) -> str:
    """Write the statement that loads a table from lines of JSON."""
    columns = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in TABLES[table].items())
    # Names and types are ours; the path is a parameter.
    return (
        f"CREATE TABLE {table} AS SELECT * FROM read_json(?, format = 'newline_delimited', "  # noqa: S608
        f"columns = {{{columns}}}, maximum_object_size = {2**28})"
    )


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


@contextmanager
def _lines(scratch: Path, table: str) -> Iterator[Any]:
    with (scratch / f"{table}.jsonl").open("wb", buffering=1 << 20) as file:
        yield _writer(file)


def _writer(file: IO[bytes]) -> Any:
    return lambda row: file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _write_article_tables(
    scratch: Path, articles: Iterable[Article | Plain], deal_of: dict[str, str]
) -> None:
    with (
        _lines(scratch, "articles") as write_article,
        _lines(scratch, "mentions") as write_mention,
        _lines(scratch, "facts") as write_fact,
    ):
        for article in articles:
            record = article.model_dump(mode="json") if isinstance(article, Article) else article
            write_article({name: record.get(name) for name in TABLES["articles"]})
            for mention in record.get("mentions") or ():
                write_mention({"article_id": record["id"], **mention, "value": _json(mention.get("value"))})
            for fact in record.get("facts") or ():
                write_fact(_fact_row(fact, deal_of))


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _fact_row(fact: Plain, deal_of: dict[str, str]) -> Plain:
    amount, attribution = fact.get("amount") or {}, fact.get("attribution") or {}
    return {
        "id": fact["id"],
        "article_id": fact["article_id"],
        "deal_id": deal_of.get(fact["id"]),
        "type": fact["type"],
        "status": fact["status"],
        "parties": [
            {"role": role, "name": party["name"]}
            for role, players in fact["roles"].items()
            for party in players
        ],
        "amount": amount.get("amount"),
        "currency": amount.get("currency"),
        "amount_modifier": amount.get("modifier"),
        "stake_percent": (fact.get("stake") or {}).get("percent"),
        "attribution_source": attribution.get("source"),
        "attribution_speaker": attribution.get("speaker"),
        "confidence": fact.get("confidence"),
        "evidence": [
            {key: span.get(key) for key in ("start", "end", "text", "translation")}
            for span in fact.get("evidence") or ()
        ],
        "record": _json(fact),
    }


def _deal_row(row: Plain) -> Plain:
    roles = [{"role": role, **party} for role, players in row["roles"].items() for party in players]
    return flat_row(row) | {"roles": roles, "status_history": row["status_history"], "record": _json(row)}


def _conflict_rows(rows: Iterable[Plain]) -> Iterator[Plain]:
    for row in rows:
        for conflict in row["conflicts"]:
            for rank, item in enumerate(conflict["values"], 1):
                value = item["value"] if isinstance(item["value"], str) else _json(item["value"])
                yield {
                    "deal_id": row["id"],
                    "field": conflict["field"],
                    "rank": rank,
                    "value": value,
                    "fact_ids": item["fact_ids"],
                }

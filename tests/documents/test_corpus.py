"""Reading a corpus: every kind of file, and every kind of bad input."""

import datetime
import gzip
import json
import os
from pathlib import Path

import pytest
import zstandard

from dealfacts.documents import CorpusReader
from dealfacts.errors import InputError
from dealfacts.records import Article, Reject

STORY = (
    "Brouwerij Lindemeer neemt branchegenoot Oude Gracht over voor 12 miljoen euro, meldden beide bedrijven."
)


def read(corpus: Path, **options: object) -> tuple[dict[str, Article], list[Reject]]:
    rejects: list[Reject] = []
    articles = list(CorpusReader(**options).read(corpus, rejects.append))  # type: ignore[arg-type]
    return {article.id: article for article in articles}, rejects


def test_corpus_reads_every_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "sub/b.md").write_text(
        f"---\ntitle: Overname\ndate: 2026-02-03\n---\n{STORY}", encoding="utf-8"
    )
    (tmp_path / "c.html").write_text(
        f"<html><body><article><p>{STORY}</p></article></body></html>", encoding="utf-8"
    )
    line = json.dumps(
        {"id": "d1", "body": STORY, "headline": "Overname", "date": "2026-02-03T10:00:00Z", "tag": 7}
    )
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    (tmp_path / "e.jsonl.zst").write_bytes(zstandard.compress(line.replace("d1", "e1").encode()))
    (tmp_path / ".hidden.txt").write_text(STORY, encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert rejects == []
    assert list(articles) == ["a", "c", "d1", "e1", "sub/b"]
    assert all(STORY in article.text for article in articles.values())
    assert (articles["sub/b"].title, articles["sub/b"].published) == ("Overname", "2026-02-03")
    assert (articles["d1"].title, articles["d1"].published) == ("Overname", "2026-02-03")
    assert articles["d1"].model_dump()["tag"] == 7


BAD_FILES = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\n", "empty"),
    "binary.txt": (bytes(range(256)) * 8, "binary"),
    "noise.txt": (bytes(number * number % 251 or 1 for number in range(3000)), "encoding"),
    "marked.txt": (b"\xef\xbb\xbf\xff\xd8\xff\xe1", "encoding"),
    "noise.jsonl": (b'{"id": "n", "text": "\xff\xd8\xff\xe1"}', "not valid JSON"),
    "paper.txt": (b"%PDF-1.7 ...", "PDF"),
    "large.txt": (b"x" * 5_000_000, "larger than"),
    "long.jsonl": (json.dumps({"id": "l", "text": "word " * 300_000}).encode(), "longer than"),
    "menu.html": (b"<html><body><nav><a>Home</a><a>Contact</a></nav></body></html>", "no article text"),
    "photo.jpeg": (b"\xff\xd8\xff", "kind of file"),
    "broken.jsonl.gz": (b"not gzip at all", "damaged or cut short"),
    "cut.txt.gz": (gzip.compress(STORY.encode())[:-12], "damaged or cut short"),
    "cut.txt.zst": (zstandard.compress(STORY.encode())[:-12], "damaged or cut short"),
    "cut.jsonl.zst": (zstandard.compress(b'{"id":"z","text":"t"}\n')[:-1], "damaged or cut short"),
    "broken.txt.zst": (b"\x28\xb5\x2f\xfdgarbage", "damaged or cut short"),
    "empty.jsonl": (b"\n", "empty"),
    "wide.jsonl": (json.dumps({"id": "u", "text": STORY}).encode("utf-16"), "UTF-16"),
    "marks.jsonl": (json.dumps({"id": "m", "text": STORY, "boilerplate": 5}).encode(), "not iterable"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_corpus_rejects_one_bad_file_and_reads_the_rest(tmp_path: Path, name: str) -> None:
    content, reason = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(STORY, encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert list(articles) == ["good"]
    assert [reject.source for reject in rejects] == [name]
    assert reason in rejects[0].error


def test_corpus_names_the_line_of_broken_json(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"n{number}", "text": STORY}) for number in range(9)]
    lines[6] = lines[6][:-5]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert len(articles) == 8
    assert [(reject.line, reject.remedy) for reject in rejects] == [(7, "mend or remove it")]


ODD_RECORDS = [
    {"boilerplate": [{"start": -1, "end": 2, "kind": "menu"}]},
    {"boilerplate": 5},
    {"boilerplate": "menu"},
    {"mentions": "none"},
    {"facts": [{"id": 7}]},
    {"title": ["a", "b"]},
    {"url": 3},
    {"text": f"<p>{STORY}</p><p>{STORY}</p>", "url": 3},
]


@pytest.mark.parametrize("odd", ODD_RECORDS)
def test_corpus_reads_on_past_an_odd_record(tmp_path: Path, odd: dict[str, object]) -> None:
    records = [{"id": "a", "text": STORY}, {"id": "odd", "text": STORY, **odd}, {"id": "b", "text": STORY}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert list(articles) == ["a", "b"]
    assert [reject.line for reject in rejects] == [2]
    assert "\n" not in rejects[0].error


def test_corpus_reads_json_lines_behind_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json.dumps({"id": "a", "text": STORY}).encode("utf-8-sig"))
    articles, rejects = read(tmp_path)
    assert (list(articles), rejects) == (["a"], [])


def test_corpus_reads_files_with_any_name(tmp_path: Path) -> None:
    names = [b"two words.txt", b"two\nlines.txt", "año.txt".encode(), b"latin \xff.txt"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(STORY, encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert rejects == []
    assert set(articles) == {"two words", "two\nlines", "año", "latin \\xff"}


def test_corpus_says_which_links_it_does_not_follow(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "loop").symlink_to(".", target_is_directory=True)
    (tmp_path / "nowhere.txt").symlink_to("gone.txt")
    (tmp_path / "z.txt").symlink_to("a.txt")
    articles, rejects = read(tmp_path)
    assert list(articles) == ["a", "z"]
    assert [reject.source for reject in rejects] == ["loop", "nowhere.txt"]
    assert "not followed" in rejects[0].error
    assert "No such file" in rejects[1].error


def test_corpus_makes_an_id_from_the_content_when_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": STORY}), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": STORY + " Later meer."}), encoding="utf-8")
    first, second = read(tmp_path)[0]
    assert first != second
    assert first == next(iter(read(tmp_path / "a.jsonl")[0]))


def test_corpus_says_which_article_a_repeated_id_repeats(tmp_path: Path) -> None:
    line = json.dumps({"id": "same", "text": STORY})
    (tmp_path / "a.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert list(articles) == ["same"]
    assert [(reject.id, reject.line, reject.error) for reject in rejects] == [
        ("same", 2, "the id is that of a.jsonl:1")
    ]


def test_corpus_keeps_files_apart_that_differ_by_ending(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "a.md").write_text(STORY, encoding="utf-8")
    assert list(read(tmp_path)[0]) == ["a.md", "a.txt"]


def test_corpus_does_not_believe_a_date_in_the_future(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"id": "a", "text": STORY, "date": "2062-01-31"}), encoding="utf-8"
    )
    articles, rejects = read(tmp_path, latest=datetime.date(2026, 3, 1))
    assert articles["a"].published is None
    assert "2062-01-31 lies in the future" in rejects[0].error


NUMBERED_DATES = [
    ({"date": 20240131}, "2024-01-31", "field", None),
    ({"published": 1706659200}, "2024-01-31", "field", None),
    ({"pubDate": 1706659200000}, "2024-01-31", "field", None),
    ({"date": 0}, None, None, None),
    ({"date": 2024}, None, None, "the article is used with no date"),
    (
        {"date": 2024, "url": "https://example.org/2024/01/31/deal"},
        "2024-01-31",
        "url",
        "the article is used with the date 2024-01-31 found elsewhere",
    ),
]


@pytest.mark.parametrize(("fields", "published", "place", "note"), NUMBERED_DATES)
def test_corpus_reads_dates_given_as_numbers_and_names_those_it_cannot(
    tmp_path: Path, fields: dict[str, object], published: str | None, place: str | None, note: str | None
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": STORY, **fields}), encoding="utf-8")
    articles, rejects = read(tmp_path)
    article = articles["a"].model_dump()
    assert (article["published"], article.get("published_from")) == (published, place)
    assert [(reject.line, reject.id, reject.error, reject.remedy) for reject in rejects] == (
        [(1, "a", "the date 2024 cannot be read as a day", note)] if note else []
    )


def test_corpus_reads_a_number_in_front_matter_as_a_date(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\ndate: 20240131\n---\n{STORY}", encoding="utf-8")
    assert read(tmp_path)[0]["a"].published == "2024-01-31"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_corpus_reads_common_encodings(tmp_path: Path, encoding: str) -> None:
    text = "La compañía pagará “12 millones de €” por su rival, según el señor Ibáñez… ¿Quién lo diría?"
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert read(tmp_path)[0]["a"].text == text


def test_corpus_reads_utf8_with_stray_bytes_and_says_so(tmp_path: Path) -> None:
    text = "La compañía pagará “12 millones de €” por su rival, según el señor Ibáñez. ¿Quién lo diría?"
    broken = text.encode().replace("ñez".encode(), b"\xf1ez").replace(b"12", b"12\x81")
    mended = text.replace("12", "12\ufffd")
    page = b"<html><body><article><p>%s</p></article></body></html>"
    (tmp_path / "a.txt").write_bytes(broken)
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbf" + broken)
    (tmp_path / "c.html").write_bytes(page % broken)
    lines = [b'{"id": "d", "text": "%s"}' % broken, json.dumps({"id": "e", "text": STORY}).encode()]
    (tmp_path / "d.jsonl").write_bytes(b"\n".join(lines))
    articles, rejects = read(tmp_path)
    assert {name: article.text for name, article in articles.items()} == {
        **dict.fromkeys("abcd", mended),
        "e": STORY,
    }
    assert [(reject.source, reject.line, reject.id) for reject in rejects] == [
        ("a.txt", None, "a"),
        ("b.txt", None, "b"),
        ("c.html", None, "c"),
        ("d.jsonl", 1, "d"),
    ]
    assert {(reject.error, reject.remedy) for reject in rejects} == {
        (
            "2 bytes are not UTF-8",
            "the article is used with them read as Windows-1252 or replaced by U+FFFD",
        )
    }


def test_corpus_without_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty"):
        read(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "nowhere")

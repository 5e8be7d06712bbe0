"""What people see and decide: explanations, the review queue, decisions and differences."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dealfacts.errors import ConfigError, InputError
from dealfacts.merge import (
    Decision,
    append_decisions,
    diff,
    explain,
    format_diff,
    format_explanation,
    format_question,
    make_decisions,
    merge,
    merge_corpus,
    read_aliases,
    read_corpus,
    read_decisions,
    review,
)

Plain = dict[str, Any]
Make = Callable[..., Plain]
ROLES = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}


@pytest.fixture
def papers(article: Make) -> list[Plain]:
    one = article("a1", {"id": "f-1", "roles": ROLES, "amount": "4600000000 EUR"})
    other = article("a2", {"id": "f-2", "roles": ROLES, "amount": "4200000000 EUR", "status": "rumoured"})
    stranger = article("a3", {"id": "f-3", "roles": {"acquirer": ["Google"], "target": ["Nubolsa"]}})
    return [
        one,
        other,
        stranger,
        article("a4", {"id": "f-4", "roles": {"acquirer": ["Alphabet"], "target": ["Wiz"]}}),
    ]


def _rows(papers: list[Plain], *decisions: Decision) -> list[list[str]]:
    return sorted(deal.fact_ids for deal in merge(papers, make_decisions(decisions)))


def test_people_decide_over_facts(papers: list[Plain]) -> None:
    same = Decision(decision="same", facts=["f-1", "f-3"])
    apart = Decision(decision="not_same", facts=["f-1", "f-2"])
    assert _rows(papers) == [["f-1", "f-2"], ["f-3"], ["f-4"]]
    assert _rows(papers, apart) == [["f-1"], ["f-2"], ["f-3"], ["f-4"]]
    assert _rows(papers, apart, same) == [["f-1", "f-3"], ["f-2"], ["f-4"]]


def test_people_may_change_their_mind(papers: list[Plain]) -> None:
    apart = Decision(decision="not_same", facts=["f-1", "f-2"])
    again = Decision(decision="same", facts=["f-2", "f-1"])
    assert _rows(papers, apart, again) == [["f-1", "f-2"], ["f-3"], ["f-4"]]
    assert _rows(papers, again, apart) == [["f-1"], ["f-2"], ["f-3"], ["f-4"]]


def test_people_decide_over_names(papers: list[Plain]) -> None:
    def entities(*decisions: Decision) -> set[str]:
        merged = merge_corpus(read_corpus(papers), make_decisions(decisions))
        return {party["entity_id"] for row in merged.rows for party in row["roles"].get("acquirer", ())}

    assert len(entities()) == 3
    assert len(entities(Decision(decision="same", names=["Google", "Alphabet"]))) == 2


def test_people_set_spellings_of_one_name_apart(article: Make) -> None:
    told = [
        article(f"a{n}", {"roles": {"acquirer": [name], "target": ["Veldkom"]}})
        for n, name in enumerate(("Orange SA", "Orange Group"))
    ]
    assert len(merge(told)) == 1
    apart = make_decisions([Decision(decision="not_same", names=["Orange SA", "Orange Group"])])
    assert len(merge(told, apart)) == 2


def test_people_decide_a_value(papers: list[Plain]) -> None:
    value = {"amount": "4400000000", "currency": "EUR", "modifier": "exact"}
    decided = Decision(decision="value", fact="f-2", field="amount", value=value)
    [deal] = [d for d in merge(papers, make_decisions([decided])) if "f-2" in d.fact_ids]
    assert deal.amount is not None
    assert deal.amount.amount == "4400000000"
    assert deal.conflicts == []


def test_people_decisions_survive_in_their_file(tmp_path: Path, papers: list[Plain]) -> None:
    path = tmp_path / "decisions.jsonl"
    assert merge(papers, read_decisions(path)) == merge(papers)
    append_decisions(path, [Decision(decision="not_same", facts=["f-1", "f-2"], by="me")])
    append_decisions(path, [Decision(decision="same", facts=["f-3", "f-4"])])
    assert len(path.read_text().splitlines()) == 2
    assert sorted(d.fact_ids for d in merge(papers, read_decisions(path))) == [
        ["f-1"],
        ["f-2"],
        ["f-3", "f-4"],
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{"decision": "same"}',
        '{"decision": "value", "fact": "f-1"}',
        "{",
        '{"decision": "same", "facts": ["f-1"]}',
    ],
)
def test_people_are_told_of_a_wrong_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(line)
    with pytest.raises(InputError, match="line 1"):
        read_decisions(path)


def test_people_give_aliases(tmp_path: Path) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text('[same]\n"Meta Platforms" = ["Facebook"]\n[apart]\nAlphabet = ["Google"]\n')
    made = make_decisions(read_aliases(path))
    assert made.names_same == [("Facebook", "Meta Platforms")]
    assert made.names_not_same == [("Alphabet", "Google")]
    path.write_text("[other]\na = ['b']")
    with pytest.raises(InputError):
        read_aliases(path)


def test_people_are_asked_what_is_least_sure_and_their_answer_settles_it(papers: list[Plain]) -> None:
    merged = merge_corpus(read_corpus(papers))
    [question] = [q for q in review(merged) if q.about == "facts"]
    assert question.same
    assert set(question.pair) == {"f-1", "f-2"}
    assert "taken for one" in format_question(question)
    assert _rows(papers, question.decide(same=False))[0] == ["f-1"]
    made = make_decisions([question.decide(same=True)])
    assert not [q for q in review(merged, decisions=made) if q.about == "facts"]


def test_people_read_why(papers: list[Plain]) -> None:
    merged = merge_corpus(read_corpus(papers))
    explanation = explain(merged, "d-1")
    [edge] = explanation.edges
    assert edge.score == pytest.approx(sum(value for _, value in edge.parts))
    text = format_explanation(explanation)
    assert "object_same +2" in text
    assert "f-2" in text
    with pytest.raises(ConfigError, match="0 deals"):
        explain(merged, "d-none")


def test_people_see_what_changed(papers: list[Plain], article: Make) -> None:
    old = merge(papers[1:])
    done = article("a5", {"id": "f-5", "roles": ROLES, "status": "completed"}, published="2026-06-01")
    new = merge([*papers[:3], done])
    changes = diff(old, new)
    assert [row["fact_ids"] for row in changes.gone] == [["f-4"]]
    assert changes.new == []
    assert [(c.before, c.after) for c in changes.status] == [("rumoured", "completed")]
    assert [field["field"] for _, field in changes.conflicts] == ["amount"]
    text = format_diff(changes, new)
    assert "rumoured -> completed" in text
    assert diff(new, new).empty
    assert format_diff(diff(new, new), new) == "no changes\n"


def test_people_see_rows_meet_and_part(papers: list[Plain]) -> None:
    apart = merge(papers, make_decisions([Decision(decision="not_same", facts=["f-1", "f-2"])]))
    together = merge(papers)
    assert diff(apart, together).merged == [("d-1", ("d-1", "d-2"))]
    assert diff(together, apart).split == [("d-1", ("d-1", "d-2"))]

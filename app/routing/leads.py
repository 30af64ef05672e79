"""The lead of each need: who is asked, who is asked next, and what could still change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.routing.answers import Answers, open_sentence
from app.routing.columns import COLUMN_INPUTS, NEVER_DECLINES, cell
from app.routing.conditions import test
from app.routing.decision import Lead, Unsettled
from app.routing.derived_status import declined_fact
from app.routing.sentences import filled
from app.routing.types import Facts, Policy, Row

VICTIM_LEAD, PERPETRATOR_LEAD = "victim_lead", "perpetrator_lead"
LABELS = {
    VICTIM_LEAD: "who leads on the victim's safety",
    PERPETRATOR_LEAD: "who leads on the perpetrator",
}


@dataclass(frozen=True, slots=True)
class LeadAnswer:
    """Who is asked in order, which forums could lead, and which open questions decide between them."""

    name: str
    candidates: tuple[Lead, ...]
    forums: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def lead(self) -> Lead:
        """The one who is asked first."""
        return self.candidates[0]


def answer_lead(
    policy: Policy, name: str, answers: Answers, possible: Mapping[str, tuple[str, ...]], facts: Facts
) -> LeadAnswer:
    """The lead of one need. `possible` holds every value that each column could have."""
    rows = policy.victim_rows if name == VICTIM_LEAD else policy.perpetrator_rows
    asked = tuple(candidates(policy, rows, answers.taken, facts))
    open_rows = possible_rows(rows, possible)
    forums = (*(row.lead.value for row in open_rows), asked[0].forum.value)
    return LeadAnswer(name, asked, tuple(dict.fromkeys(forums)), _questions(open_rows, possible))


def row_for(rows: tuple[Row, ...], columns: Mapping[str, str]) -> Row:
    """The row that applies. The proof at load says that there is one and only one."""
    for row in rows:
        if all(test(condition, columns[condition.left]) for condition in row.when):
            return row
    raise LookupError(f"no row applies to {dict(columns)}: the policy was not proved")


def possible_rows(rows: tuple[Row, ...], columns: Mapping[str, tuple[str, ...]]) -> tuple[Row, ...]:
    """Every row that could apply while some columns are open."""
    return tuple(
        row for row in rows if all(any(test(c, value) for value in columns[c.left]) for c in row.when)
    )


def _questions(rows: tuple[Row, ...], possible: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The open questions that decide between the rows that could apply."""
    columns = dict.fromkeys(
        condition.left
        for row in rows
        for condition in row.when
        if len({test(condition, value) for value in possible[condition.left]}) > 1
    )
    return tuple(question for column in columns for question in COLUMN_INPUTS.get(column, (column,)))


def candidates(
    policy: Policy, rows: tuple[Row, ...], answers: Mapping[str, str], facts: Facts
) -> Iterator[Lead]:
    """Who is asked, in order: each one leads if every one before it has declined.

    Ends with somebody who cannot decline, or with a statutory level that cannot be declined here.
    """
    refused = dict(facts)
    row = row_for(rows, cell(answers, refused))
    while True:
        yield _lead(policy, row, facts)
        if row.lead in NEVER_DECLINES or declined_fact(row.lead) not in refused:
            return
        refused[declined_fact(row.lead)] = True
        following = row_for(rows, cell(answers, refused))
        if following.lead is row.lead:
            return
        row = following


def _lead(policy: Policy, row: Row, values: Facts) -> Lead:
    because, source = filled(row.says, values), policy.sources[row.source]
    return Lead(row.id, row.lead, row.role, row.holder, row.accept_within, because, source)


def open_lead(policy: Policy, lead: LeadAnswer, answers: Answers) -> tuple[Unsettled, ...]:
    """The lead as an open question, when more than one forum could lead."""
    if len(lead.forums) == 1:
        return ()
    deciding = tuple(
        dict.fromkeys(fact for question in lead.questions for fact in answers.decided_by[question])
    )
    sentence = open_sentence(policy, LABELS[lead.name], deciding)
    return (Unsettled(lead.name, lead.forums, deciding, lead.lead.forum.value, sentence),)

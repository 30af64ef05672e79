"""Looks up the lead of each need: who is asked, who is asked next, and what could still change it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from app.routing.engine.known_facts import KnownFacts
from app.routing.engine.outcome_answers import Answers, open_sentence
from app.routing.policy.columns import (
    COLUMN_INPUTS,
    NEVER_DECLINES,
    PERPETRATOR_COLUMNS,
    VICTIM_COLUMNS,
    column_values,
)
from app.routing.policy.conditions import is_met
from app.routing.policy.refusals import declined_fact
from app.routing.policy.types import Fact, LeadRow, Policy, Source
from app.routing.record.decision import Lead, Unsettled
from app.routing.record.serialisation import SentencePart, SerialisedPart

VICTIM_LEAD, PERPETRATOR_LEAD = "victim_lead", "perpetrator_lead"
LABELS = {
    VICTIM_LEAD: "who leads on the victim's safety",
    PERPETRATOR_LEAD: "who leads on the perpetrator",
}


@dataclass(frozen=True, slots=True)
class LeadAnswer:
    """The candidates in order, the forums that could lead, and the open questions that decide between them."""

    name: str
    candidates: tuple[SerialisedPart[Lead], ...]
    forums: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def lead(self) -> Lead:
        """The forum that is asked first."""
        return self.candidates[0].part


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row with the lead it gives."""

    row: LeadRow
    template: SentencePart[Lead]


class LeadTable:
    """One lead table, looked up by column: for each value, the set of rows that allow it."""

    def __init__(self, name: str, policy: Policy) -> None:
        victim = name == VICTIM_LEAD
        columns = VICTIM_COLUMNS if victim else PERPETRATOR_COLUMNS
        rows = policy.victim_rows if victim else policy.perpetrator_rows
        self.name = name
        self._rows = tuple(ReadyRow(row, _lead_template(row, policy.sources[row.source])) for row in rows)
        self._allowing = {
            column: {value: _allowing(rows, column, value) for value in values} for column, values in columns.items()
        }

    def row(self, columns: Mapping[str, str]) -> ReadyRow:
        """Returns the row that applies. The proof at load says that there is one and only one."""
        left = -1
        for column, allowing in self._allowing.items():
            left &= allowing[columns[column]]
        if not left:
            raise LookupError(f"no row applies to {dict(columns)}: the policy was not proved")
        # The proof at load leaves exactly one bit, and its place is the row's.
        return self._rows[(left & -left).bit_length() - 1]

    def rows(self, columns: Mapping[str, Iterable[str]]) -> tuple[LeadRow, ...]:
        """Returns every row that could apply while some columns are open."""
        each = (reduce(or_, (rows[value] for value in columns[name])) for name, rows in self._allowing.items())
        left = reduce(and_, each)
        return tuple(ready.row for place, ready in enumerate(self._rows) if left >> place & 1)


def _lead_template(row: LeadRow, source: Source) -> SentencePart[Lead]:
    def lead(because: str) -> Lead:
        return Lead(row.id, row.lead, row.role, row.holder, row.accept_within, because, source)

    return SentencePart(lead, row.says, row.source)


def _allowing(rows: tuple[LeadRow, ...], column: str, value: str) -> int:
    allowed = (all(is_met(c, value) for c in row.when if c.left == column) for row in rows)
    return sum(allows << place for place, allows in enumerate(allowed))


def answer_lead(
    table: LeadTable,
    answers: Answers,
    columns: Mapping[str, str],
    possible: Mapping[str, tuple[str, ...]],
    known: KnownFacts,
) -> LeadAnswer:
    """Returns the lead of one need. `possible` holds every value that each column could have."""
    asked = tuple(candidates(table, answers.taken, columns, known))
    first = asked[0].part.forum.value
    if not answers.open:
        return LeadAnswer(table.name, asked, (first,), ())
    rows = table.rows(possible)
    forums = dict.fromkeys((*(row.lead.value for row in rows), first))
    return LeadAnswer(table.name, asked, tuple(forums), _questions(rows, possible))


def _questions(rows: tuple[LeadRow, ...], possible: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Returns the open questions that decide between the rows that could apply."""
    columns = dict.fromkeys(
        condition.left
        for row in rows
        for condition in row.when
        if len({is_met(condition, value) for value in possible[condition.left]}) > 1
    )
    return tuple(question for column in columns for question in COLUMN_INPUTS.get(column, (column,)))


def candidates(
    table: LeadTable, answers: Mapping[str, str], columns: Mapping[str, str], known: KnownFacts
) -> Iterator[SerialisedPart[Lead]]:
    """Yields who is asked, in order: each one leads if every one before it has declined.

    Ends with somebody who cannot decline, or with a statutory level that cannot be declined here.
    """
    refused: dict[str, Fact] = {}
    ready = table.row(columns)
    while True:
        yield ready.template.of(known)
        forum = ready.row.lead
        if forum in NEVER_DECLINES or declined_fact(forum) not in known:
            return
        refused[declined_fact(forum)] = True
        ready = table.row(column_values(answers, {**known, **refused}))
        if ready.row.lead is forum:
            return


def open_lead(policy: Policy, lead: LeadAnswer, answers: Answers) -> tuple[Unsettled, ...]:
    """Returns the lead as an open question, when more than one forum could lead."""
    if len(lead.forums) == 1:
        return ()
    deciding = tuple(dict.fromkeys(fact for question in lead.questions for fact in answers.decided_by(question)))
    sentence = open_sentence(policy, LABELS[lead.name], deciding)
    return (Unsettled(lead.name, lead.forums, deciding, lead.lead.forum.value, sentence),)

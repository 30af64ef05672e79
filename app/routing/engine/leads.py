"""Looks up the lead of each need: who is asked, and who is asked next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.routing.engine.known_facts import KnownFacts
from app.routing.policy.columns import (
    NEVER_DECLINES,
    PERPETRATOR_COLUMNS,
    VICTIM_COLUMNS,
    column_values,
)
from app.routing.policy.conditions import is_met
from app.routing.policy.refusals import declined_fact
from app.routing.policy.types import Fact, LeadRow, Policy, Source
from app.routing.record.decision import Lead
from app.routing.record.serialisation import SentencePart, SerialisedPart

VICTIM_LEAD, PERPETRATOR_LEAD = "victim_lead", "perpetrator_lead"


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
        self._by_id = {ready.row.id: ready for ready in self._rows}
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

    def by_id(self, row: str) -> ReadyRow:
        """Returns the row of that id. Raises KeyError when the policy has none."""
        return self._by_id[row]


def _lead_template(row: LeadRow, source: Source) -> SentencePart[Lead]:
    def lead(because: str) -> Lead:
        return Lead(row.id, row.lead, row.role, row.holder, row.accept_within, because, source)

    return SentencePart(lead, row.says, row.source)


def _allowing(rows: tuple[LeadRow, ...], column: str, value: str) -> int:
    allowed = (all(is_met(c, value) for c in row.when if c.left == column) for row in rows)
    return sum(allows << place for place, allows in enumerate(allowed))


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

"""The lead of each need, and who is asked next if that one declines."""

from collections.abc import Iterator, Mapping

from app.routing.columns import NEVER_DECLINES, cell
from app.routing.conditions import test
from app.routing.decision import Lead
from app.routing.derived_status import declined_fact
from app.routing.sentences import filled
from app.routing.types import Facts, Policy, Row


def row_for(rows: tuple[Row, ...], columns: Mapping[str, str]) -> Row:
    """The one row that applies. The proof at load says that there is one and only one."""
    (row,) = (row for row in rows if all(test(c, columns[c.left]) for c in row.when))
    return row


def possible_rows(rows: tuple[Row, ...], columns: Mapping[str, tuple[str, ...]]) -> tuple[Row, ...]:
    """Every row that could apply while some columns are open."""
    return tuple(
        row for row in rows if all(any(test(c, value) for value in columns[c.left]) for c in row.when)
    )


def lead_of(policy: Policy, row: Row, values: Facts) -> Lead:
    """The row as a lead with its sentence and source."""
    return Lead(
        row.id,
        row.lead,
        row.role,
        row.holder,
        row.accept_within,
        filled(row.says, values),
        policy.sources[row.source],
    )


def candidates(
    policy: Policy, rows: tuple[Row, ...], answers: Mapping[str, str], facts: Facts
) -> Iterator[Lead]:
    """Who is asked, in order: each one leads if every one before it has declined.

    Ends with somebody who cannot decline, or with a statutory level that cannot be declined here.
    """
    refused = dict(facts)
    while True:
        row = row_for(rows, cell(answers, refused))
        yield lead_of(policy, row, facts)
        refusal = declined_fact(row.lead)
        if row.lead in NEVER_DECLINES or refused.get(refusal, True):
            return
        refused[refusal] = True
        if row_for(rows, cell(answers, refused)).lead is row.lead:
            return

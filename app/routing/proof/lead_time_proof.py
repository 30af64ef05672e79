"""Proves that a local policy lets no request to lead wait long: until it is accepted the need is held, and not led.

A row may give as long as the row of its base, or ten working days. A row that the policy does not write itself gives
what the parameters of the base allow.
"""

from app.routing.policy.faults import PolicyFault
from app.routing.policy.types import LeadRow, Policy
from app.routing.proof.counterexamples import as_cell
from app.routing.proof.protection_proof import no_later
from app.routing.proof.review_proof import ends_within

LEAD_HOURS = 14 * 24
"""Ten working days by the calendar: two weeks. Source: product default; no published form gives a forum longer."""


def prove_lead_times(policy: Policy, base: Policy) -> tuple[str, int, tuple[PolicyFault, ...]]:
    """Returns what is examined, of how many rows, and the faults."""
    written = {departure.id for departure in policy.departures}
    before = {row.id: row for row in (*base.victim_rows, *base.perpetrator_rows)}
    tables = {"victim_lead": policy.victim_rows, "perpetrator_lead": policy.perpetrator_rows}
    own = [(table, row) for table, rows in tables.items() for row in rows if row.id in written]
    late = ((table, row) for table, row in own if not _soon(row, before.get(row.id)))
    return "time to accept", len(own), tuple(_late(table, row) for table, row in late)


def _soon(row: LeadRow, was: LeadRow | None) -> bool:
    kept = was is not None and no_later(row.accept_within, was.accept_within)
    return kept or ends_within(row.accept_within, LEAD_HOURS)


def _late(table: str, row: LeadRow) -> PolicyFault:
    given = {one.left: one.right[0] for one in row.when}
    message = f"{row.id} lets {row.lead} wait longer than the base and than 10 working days: nobody leads meanwhile"
    return PolicyFault(row.id, message, as_cell(table, f"{row.lead} is asked", given))

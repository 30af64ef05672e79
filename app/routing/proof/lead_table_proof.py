"""Proves the lead tables and the supports: one row for each combination, and no forum that may have declined."""

from collections.abc import Iterable, Iterator

from app.routing.policy.columns import HAS_NOT_DECLINED, NEVER_DECLINES, PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.conditions import is_met
from app.routing.policy.faults import PolicyFault
from app.routing.policy.situation_space import Space
from app.routing.policy.types import LeadRow, Policy, SupportTemplate
from app.routing.proof.counterexamples import as_cell
from app.vocabulary import Forum

_Examined = tuple[str, int, tuple[PolicyFault, ...]]
_LEVELS = {"l2": Forum.MAPPA_L2, "l3": Forum.MAPPA_L3}


def prove_tables(policy: Policy) -> Iterator[_Examined]:
    """Yields for each table its name, how many combinations are examined, and the faults."""
    victim, perpetrator = Space(VICTIM_COLUMNS), Space(PERPETRATOR_COLUMNS)
    rows = policy.victim_rows
    astray = (*_sent_past_marac(rows, victim), *_child_led_by_another(rows, victim))
    yield "victim_lead", victim.size, (*_table("victim_lead", rows, victim), *astray)
    rows = policy.perpetrator_rows
    yield (
        "perpetrator_lead",
        perpetrator.size,
        (*_table("perpetrator_lead", rows, perpetrator), *_statute(rows, perpetrator)),
    )
    supports = (fault for each in policy.supports for fault in _support(each, rows, perpetrator))
    yield "support", perpetrator.size, tuple(supports)


def may_serve(forum: Forum, space: Space) -> int:
    """Returns the combinations in which the forum may be asked and has not declined."""
    if forum in NEVER_DECLINES:
        return space.full
    columns = HAS_NOT_DECLINED.get(forum, {})
    bits = 0
    for column, values in columns.items():
        if column in space.axes:
            bits |= space.where_value(column, values)
    return bits


def _table(table: str, rows: tuple[LeadRow, ...], space: Space) -> Iterator[PolicyFault]:
    covered = 0
    seen: list[tuple[LeadRow, int]] = []
    for row in rows:
        bits = space.where_all(row.when)
        yield from _row(table, row, bits, space)
        if bits & covered:
            other = next(earlier for earlier, held in seen if held & bits)
            both = as_cell(table, f"{other.id} and {row.id} both apply", space.situation(bits & covered))
            yield PolicyFault(row.id, f"two rows apply at once: {other.id} and {row.id}", both)
        covered |= bits
        seen.append((row, bits))
    gap = space.full & ~covered
    if gap:
        case = as_cell(table, "no row applies", space.situation(gap))
        yield PolicyFault(table, f"no row of {table} applies: somebody would have no owner", case)


def _row(table: str, row: LeadRow, bits: int, space: Space) -> Iterator[PolicyFault]:
    for part, forum in (("lead", row.lead), ("hold", row.holder)):
        refused = bits & ~may_serve(forum, space)
        if refused:
            case = as_cell(table, f"{forum} may have declined", space.situation(refused))
            yield PolicyFault(row.id, f"{forum} would {part} though it may have declined or is not in question", case)


def _statute(rows: tuple[LeadRow, ...], space: Space) -> Iterator[PolicyFault]:
    nobody = space.where_value("identified", ("no",))
    for row in rows:
        bits = space.where_all(row.when)
        if Forum.MARAC in {row.lead, row.holder}:
            yield PolicyFault(row.id, "MARAC hears once and discharges: it may never lead or hold the perpetrator")
        if bits & nobody and row.lead is not Forum.HUB:
            case = as_cell("perpetrator_lead", "somebody not identified is given away", space.situation(bits & nobody))
            yield PolicyFault(
                row.id, f"while nobody is identified the hub must find out who it is, not {row.lead}", case
            )
        for level, forum in _LEVELS.items():
            astray = bits & space.where_value("mappa_path", (level,)) & ~nobody
            if astray and row.lead is not forum:
                case = as_cell("perpetrator_lead", f"{level} not led by MAPPA", space.situation(astray))
                yield PolicyFault(row.id, f"{level} must be led by {forum}, not by {row.lead}", case)


def _sent_past_marac(rows: tuple[LeadRow, ...], space: Space) -> Iterator[PolicyFault]:
    """Yields each row that leads a case of which MARAC's criteria are met to somebody else.

    Only a child's victim forum and a MAPPA victim plan come before MARAC.
    """
    aside = space.where_value("stands_aside", ("yes",)) & space.where_value("mappa", ("l2", "l3"))
    heard = may_serve(Forum.MARAC, space) & ~space.where_value("child_path", ("met",)) & ~aside
    for row in rows:
        astray = heard & space.where_all(row.when)
        if astray and row.lead is not Forum.MARAC:
            case = as_cell("victim_lead", "MARAC's criteria are met", space.situation(astray))
            yield PolicyFault(row.id, f"MARAC must be asked where its criteria are met, not {row.lead}", case)


def _child_led_by_another(rows: tuple[LeadRow, ...], space: Space) -> Iterator[PolicyFault]:
    """Yields each row that leads a child to another than children's social care, which has not declined."""
    for row in rows:
        astray = may_serve(Forum.CHILDRENS_SOCIAL_CARE, space) & space.where_all(row.when)
        if astray and row.lead is not Forum.CHILDRENS_SOCIAL_CARE:
            case = as_cell("victim_lead", "the victim is a child", space.situation(astray))
            yield PolicyFault(row.id, f"children's social care must be asked for a child, not {row.lead}", case)


def _support(support: SupportTemplate, rows: Iterable[LeadRow], space: Space) -> Iterator[PolicyFault]:
    if support.forum is None:
        return
    # Without the conditions on other names: that examines more situations than can arise, and none too few.
    bits = space.where_all(c for c in support.when if c.left in space.axes)
    leading = 0
    for row in rows:
        held = space.where_all(row.when)
        if not all(_lead_allows(support, row)):
            bits &= ~held
        elif row.lead is support.forum:
            leading |= held
    refused = bits & ~may_serve(support.forum, space)
    if refused:
        case = as_cell("perpetrator_lead", f"{support.forum} may have declined", space.situation(refused))
        yield PolicyFault(support.id, f"{support.forum} would support though it may have declined", case)
    if bits & leading:
        case = as_cell("perpetrator_lead", "leads and supports", space.situation(bits & leading))
        yield PolicyFault(support.id, f"{support.forum} would support itself as the lead", case)


def _lead_allows(support: SupportTemplate, row: LeadRow) -> Iterator[bool]:
    return (is_met(c, row.lead) for c in support.when if c.left == "perpetrator_lead")

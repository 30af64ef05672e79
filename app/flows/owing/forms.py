"""Writes what passes in each flow: codes, days, counts and posts, and nothing of the victim's place or words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from app.flows.state import (
    ActOnRecord,
    CaseOnRecord,
    OrderOnRecord,
    PerpetratorState,
    ReportOnRecord,
    SupervisionOnRecord,
)
from app.foundation.clock import london_date
from app.vocabulary import Role

Form: TypeAlias = dict[str, Any]
THE_VICTIMS_AREA = "the victim's area"
ANOTHER_FORCE = "ANOTHER_FORCE"
NOT_TO_BE_PUT = "not to be put to the perpetrator, nor to the victim in the perpetrator's presence"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a form: a post of an agency in its area."""

    agency: str
    role: Role
    area: str


def desk_of(state: PerpetratorState, case: CaseOnRecord, reader: Reader, role: Role = Role.PVP_HUB) -> Form:
    """Returns whom to ring about a case: its own area's desk or, once no place passes, a relay in the reader's area."""
    return relay_of(state, reader, role) if case.is_cut else _desk(state, case.area, role, relay=False)


def relay_of(state: PerpetratorState, reader: Reader, role: Role = Role.PVP_HUB) -> Form:
    """Returns the desk of the reader's own area, which passes on what is said and names no other place."""
    return _desk(state, reader.area, role, relay=True)


def _desk(state: PerpetratorState, area: str, role: Role, *, relay: bool) -> Form:
    return {"role": role, "agency": state.posts.get((area, role)), "relay": relay}


def report_form(state: PerpetratorState, report: ReportOnRecord, reader: Reader) -> Form:
    """Returns what those who manage the perpetrator are told of one report."""
    case = state.case(report.case_id)
    number, victims = state.place_of_victim(report.victim)
    return _stated(
        acts=[_act(one) for one in report.acts],
        red_flags=list(report.red_flags),
        grade=report.grade,
        force=next((_force(one) for one in report.acts if one.force), None),
        ring=desk_of(state, case, reader),
        victim_number=number,
        victims=victims,
        children_there=report.children or None,
        victims_area=THE_VICTIMS_AREA,
    )


def supervision_form(state: PerpetratorState, one: SupervisionOnRecord) -> Form:
    """Returns what a force is told of a licence, an order or a level."""
    area = one.area or ""
    agency = one.agency or state.posts.get((area, Role.PVP_HUB))
    return _stated(
        kind=one.kind,
        until=one.until,
        level=one.level,
        ring={"role": one.role if one.agency else Role.PVP_HUB, "agency": agency, "relay": False},
    )


def order_form(state: PerpetratorState, order: OrderOnRecord, reader: Reader) -> Form:
    """Returns an order as it is told outside its case: that it protects another victim, and not whom."""
    return _stated(
        kind=order.kind,
        until=order.until,
        breached=order.breached,
        protects="another victim",
        ring=desk_of(state, state.case(order.case_id), reader),
    )


def away_form(state: PerpetratorState, report: ReportOnRecord, reader: Reader, *, to_force: bool) -> Form:
    """Returns the question whether the perpetrator stays where they were found, or that they are on licence."""
    day = max((one.day for one in report.acts), default=london_date(report.at))
    ring = desk_of(state, state.case(report.case_id), reader)
    if to_force:
        return _stated(question="RING_THE_SERVICE", on_licence=True, day=day, ring=ring)
    return _stated(question="STAYS_THERE", day=day, ring=ring)


def other_case_form(state: PerpetratorState, case: CaseOnRecord, reader: Reader) -> Form:
    """Returns that a case of the same perpetrator is open elsewhere, and whom to ring."""
    return _stated(
        open=True,
        stage=case.stage,
        heard_in=case.heard_in,
        lead=case.lead,
        victims=state.place_of_victim(case.victim)[1],
        area=None if case.is_cut else case.area,
        ring=desk_of(state, case, reader),
    )


def look_again_form(state: PerpetratorState, case: CaseOnRecord, reader: Reader) -> Form:
    """Returns the one sentence for every cause: it tells nobody that somebody else harms the same victim."""
    return {"look_again": "LOOK_AT_THIS_CASE_AGAIN", "ring": desk_of(state, case, reader, Role.MARAC_COORDINATOR)}


def _act(one: ActOnRecord) -> Form:
    return _stated(day=one.day, outcome=one.outcome, injury=one.injury, known_to_perpetrator=False)


def _force(one: ActOnRecord) -> str | None:
    return ANOTHER_FORCE if one.after_cut else one.force


def _stated(**fields: object) -> Form:
    return {name: _plain(value) for name, value in fields.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        raise TypeError("a form holds days, and no instant")
    return value.isoformat() if hasattr(value, "isoformat") else value


def without_place(state: PerpetratorState, case_id: str, form: Mapping[str, Any], reader: Reader) -> Form:
    """Returns a form written earlier as another reader may read it now: no place of a case of which none passes."""
    case = state.case(case_id)
    if not case.is_cut:
        return dict(form)
    kept = {name: value for name, value in form.items() if name != "area"}
    force = {"force": ANOTHER_FORCE} if "force" in form else {}
    ring = {"ring": desk_of(state, case, reader, Role(form["ring"]["role"]))} if "ring" in form else {}
    return kept | force | ring

"""Says what is owed about one perpetrator: every release that follows from what is on record now. Pure.

Owed by state and not by event: whenever a fact and a receiver first exist together, what is older is owed too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.flows.owing import forms
from app.flows.owing.forms import Form, Reader
from app.flows.owing.managers import Manager, managers_of, unnamed_supervisions
from app.flows.state import CaseOnRecord, OrderOnRecord, PerpetratorState, SupervisionOnRecord
from app.flows.vocabulary import FlowSide, ReleaseForm
from app.vocabulary import Role

FIND_OUT = "WHO_SUPERVISES"
_OF_AN_AREA = (Role.PVP_HUB, Role.MARAC_COORDINATOR, Role.MATAC_COORDINATOR)
_OF_ORDERS = (Role.PVP_HUB, Role.MARAC_COORDINATOR, Role.IDVA)
_SIDES = {Role.IDVA: FlowSide.VICTIM, Role.MATAC_COORDINATOR: FlowSide.PERPETRATOR}


@dataclass(frozen=True, slots=True)
class OwedRelease:
    """One fact that one post is to be told, in one form. `to_case_id` is the case by which the receiver knows of it."""

    flow: str
    fact: str
    case_id: str
    reader: Reader
    side: FlowSide
    content: Form
    danger: bool = False
    to_case_id: str | None = None
    form: ReleaseForm = ReleaseForm.FULL

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes it the same release: it is made once."""
        return self.flow, self.fact, self.reader.agency, self.reader.role, self.form


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a case that a flow tells, and whether a life may hang on it."""

    flow: str
    key: str
    case: CaseOnRecord
    danger: bool = False


def owed(state: PerpetratorState) -> list[OwedRelease]:
    """Returns everything that is owed about the perpetrator, each once, in a fixed order."""
    managers = managers_of(state)
    found = [
        *_reports(state, managers),
        *_supervisions(state),
        *_orders(state, managers),
        *_away(state, managers),
        *_conduct(state),
        *_other_cases(state),
        *_other_perpetrators(state, managers),
    ]
    return list({one.key: one for one in reversed(found)}.values())[::-1]


def _reports(state: PerpetratorState, managers: list[Manager]) -> Iterator[OwedRelease]:
    """Yields F1. Where somebody supervises and nobody says who, the hub that reported is to find out."""
    unnamed = unnamed_supervisions(state)
    for report in state.reports:
        case = state.case(report.case_id)
        for one in managers:
            if case.id not in one.case_ids and one.agency != report.by:
                reader = _reader(one)
                content = forms.report_form(state, report, reader)
                yield _to_manager(Fact("F1", report.fact, case, report.is_danger), one, content)
        if not managers and any(case.id not in one.case_ids for one in unnamed):
            hub = _post(state, case.area, Role.PVP_HUB)
            if hub is not None:
                content = forms.report_form(state, report, hub) | {"find_out": FIND_OUT}
                yield OwedRelease(
                    "F1",
                    report.fact,
                    case.id,
                    hub,
                    FlowSide.BOTH,
                    content,
                    report.is_danger,
                    case.id,
                    ReleaseForm.ENQUIRY,
                )


def _supervisions(state: PerpetratorState) -> Iterator[OwedRelease]:
    """Yields F2, to the force that recorded a report under a number. The number is the reason for which it is told."""
    for report in state.reports:
        case = state.case(report.case_id)
        force = _post(state, case.area, Role.PVP_HUB)
        if force is None or force.agency != report.by or not any(act.numbered for act in report.acts):
            continue
        for one in state.supervisions:
            if case.id not in one.case_ids:
                yield _supervision(state, case, one, force, danger=report.is_danger)


def _supervision(
    state: PerpetratorState, case: CaseOnRecord, one: SupervisionOnRecord, force: Reader, *, danger: bool
) -> OwedRelease:
    content = forms.supervision_form(state, one)
    return OwedRelease("F2", f"{case.id}:{one.key}", case.id, force, FlowSide.BOTH, content, danger, case.id)


def _orders(state: PerpetratorState, managers: list[Manager]) -> Iterator[OwedRelease]:
    """Yields F3, outside the case that states the order."""
    for order in state.orders:
        case, danger = state.case(order.case_id), order.breached is True
        for one in managers:
            if case.id not in one.case_ids:
                yield _to_manager(
                    Fact("F3", order.key, case, danger), one, forms.order_form(state, order, _reader(one))
                )
        yield from _order_to_areas(state, order, case)


def _order_to_areas(state: PerpetratorState, order: OrderOnRecord, case: CaseOnRecord) -> Iterator[OwedRelease]:
    for other in _elsewhere(state, case):
        for reader in _posts(state, other.area, _OF_ORDERS):
            if not _holds_there(state, reader, case):
                content = forms.order_form(state, order, reader)
                danger = order.breached is True
                yield OwedRelease("F3", order.key, case.id, reader, _side(reader), content, danger, other.id)


def _away(state: PerpetratorState, managers: list[Manager]) -> Iterator[OwedRelease]:
    """Yields F5, to those who manage the perpetrator, and to the force where somebody supervises them."""
    for report in (one for one in state.reports if one.away_from_address):
        case = state.case(report.case_id)
        for one in managers:
            if case.id not in one.case_ids:
                content = forms.away_form(state, report, _reader(one), to_force=False)
                yield _to_manager(Fact("F5", report.id, case), one, content)
        force = _post(state, case.area, Role.PVP_HUB)
        elsewhere = any(case.id not in one.case_ids for one in state.supervisions)
        if force is not None and force.agency == report.by and elsewhere:
            content = forms.away_form(state, report, force, to_force=True)
            yield OwedRelease("F5", report.id, case.id, force, FlowSide.BOTH, content, to_case_id=case.id)


def _conduct(state: PerpetratorState) -> Iterator[OwedRelease]:
    """Yields F23, to whoever works on a case of the perpetrator in another area. What they did is codes and days."""
    for one in state.conduct:
        case = state.case(one.case_id)
        for other in _elsewhere(state, case):
            for reader in _posts(state, other.area, _OF_ORDERS):
                if not _holds_there(state, reader, case):
                    content: Form = {"what": one.what, "day": one.day.isoformat()}
                    yield OwedRelease("F23", one.key, case.id, reader, _side(reader), content, to_case_id=other.id)


def _other_cases(state: PerpetratorState) -> Iterator[OwedRelease]:
    """Yields F14, each open case to the areas of the others."""
    for case in state.cases:
        if case.is_open:
            danger = any(one.is_danger for one in state.reports if one.case_id == case.id)
            for other in _elsewhere(state, case):
                for reader in _posts(state, other.area, _OF_AN_AREA):
                    if not _holds_there(state, reader, case):
                        yield _other_case(state, case, other, reader, danger=danger and reader.role is Role.PVP_HUB)


def _other_case(
    state: PerpetratorState, case: CaseOnRecord, other: CaseOnRecord, reader: Reader, *, danger: bool
) -> OwedRelease:
    content = forms.other_case_form(state, case, reader)
    return OwedRelease("F14", case.id, case.id, reader, _side(reader), content, danger, other.id)


def _other_perpetrators(state: PerpetratorState, managers: list[Manager]) -> Iterator[OwedRelease]:
    """Yields F15, to who manages the first perpetrator without owning the need, whose owner the case prompts itself."""
    owners = {(one.agency, one.role) for one in state.owners}
    for one in state.others:
        case, fact = state.case(one.case_id), f"{one.case_id}:{one.other_case_id}"
        for manager in managers:
            if (manager.agency, manager.role) not in owners:
                content = forms.look_again_form(state, case, _reader(manager))
                yield _to_manager(Fact("F15", fact, case), manager, content)
        if one.other_area != case.area:
            for reader in _posts(state, case.area, _OF_ORDERS):
                content = forms.look_again_form(state, case, reader)
                yield OwedRelease("F15", fact, case.id, reader, _side(reader), content, to_case_id=case.id)


def _to_manager(fact: Fact, one: Manager, content: Form) -> OwedRelease:
    known_by = min(one.case_ids, default=None)
    side = FlowSide.PERPETRATOR
    return OwedRelease(fact.flow, fact.key, fact.case.id, _reader(one), side, content, fact.danger, known_by)


def _reader(one: Manager) -> Reader:
    return Reader(one.agency, one.role, one.area)


def _elsewhere(state: PerpetratorState, case: CaseOnRecord) -> Iterator[CaseOnRecord]:
    """Yields an open case of each other area, the one opened first."""
    seen = {case.area}
    for other in sorted(state.cases, key=lambda one: (one.opened_at, one.id)):
        if other.is_open and other.area not in seen:
            seen.add(other.area)
            yield other


def _posts(state: PerpetratorState, area: str, roles: tuple[Role, ...]) -> Iterator[Reader]:
    return (reader for role in roles if (reader := _post(state, area, role)) is not None)


def _post(state: PerpetratorState, area: str, role: Role) -> Reader | None:
    agency = state.posts.get((area, role))
    return None if agency is None else Reader(agency, role, area)


def _holds_there(state: PerpetratorState, reader: Reader, case: CaseOnRecord) -> bool:
    return state.posts.get((case.area, reader.role)) == reader.agency


def _side(reader: Reader) -> FlowSide:
    return _SIDES.get(reader.role, FlowSide.BOTH)

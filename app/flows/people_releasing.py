"""Releases what a person of the flow's post says, to whoever the record says is to be told.

The holder of a fact releases it; who asks cannot choose the receiver, and nobody releases in another post's name.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

from app.access.directory import account_who_acts
from app.access.repository import agency_in_post
from app.flows.catalogue import Flow, flows
from app.flows.contents import faults_of
from app.flows.models import FlowRelease
from app.flows.owing.forms import Form, Reader, desk_of, relay_of
from app.flows.owing.managers import managers_of
from app.flows.owing.owed import OwedRelease
from app.flows.releasing import state_around, store_release
from app.flows.schemas import ReleaseRequest
from app.flows.state import PerpetratorState
from app.flows.vocabulary import FieldKind, FlowReceiver, FlowSide
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.referrals.models import Case
from app.routing.policy.labels import role_name
from app.vocabulary import Role

_POST_OF: Mapping[FlowReceiver, Role] = {
    FlowReceiver.HUB: Role.PVP_HUB,
    FlowReceiver.MARAC: Role.MARAC_COORDINATOR,
    FlowReceiver.MATAC: Role.MATAC_COORDINATOR,
    FlowReceiver.MAPPA: Role.MAPPA_COORDINATOR,
    FlowReceiver.VICTIM_SIDE: Role.IDVA,
    FlowReceiver.CSC: Role.CHILDRENS_SOCIAL_CARE,
    FlowReceiver.SCHOOL: Role.EDUCATION,
    FlowReceiver.NEW: Role.PVP_HUB,
    FlowReceiver.DUTY: Role.PVP_HUB,
}
_IN_AREA_NAMED = frozenset({FlowReceiver.NEW, FlowReceiver.DUTY})
_SIDE_OF: Mapping[FlowReceiver, FlowSide] = {
    FlowReceiver.MANAGERS: FlowSide.PERPETRATOR,
    FlowReceiver.MATAC: FlowSide.PERPETRATOR,
    FlowReceiver.MAPPA: FlowSide.PERPETRATOR,
    FlowReceiver.VICTIM_SIDE: FlowSide.VICTIM,
}
_AUTHORS_OF_THE_PERPETRATORS_SIDE = frozenset({Role.SUPERVISING_PRACTITIONER})


def release_by_person(tx: Transaction, case: Case, sent: ReleaseRequest) -> list[FlowRelease]:
    """Releases it to each receiver, and returns what was not released before. Call it in a scope that sees every row.

    Raises `Invalid` for what the flow's form does not hold, `Forbidden` for whoever is not of the flow's post, and
    `Conflict` where nobody is known to be told.
    """
    flow = _flow_of_people(sent)
    person = tx.caller.named_person("a person of its post releases it")
    side = _SIDE_OF.get(sent.receiver, FlowSide.BOTH)
    _refuse_wrong_content(flow, sent, side)
    _refuse_other_post(tx, flow, case)
    if case.perpetrator_ref is None:
        raise Conflict("nobody has identified the perpetrator of this case, so nobody is known to be told of it")
    state = state_around(tx.session, case.id, tx.now)
    readers = _readers(tx, state, case, sent)
    known = _known_by(state, case) if sent.receiver is FlowReceiver.MANAGERS else {}
    written = json.dumps([sent.receiver, sent.content, person], sort_keys=True)
    fact = f"{case.id}:{hashlib.sha256(written.encode()).hexdigest()[:16]}"
    owed = [
        OwedRelease(
            flow.id,
            fact,
            case.id,
            one,
            side,
            _content(state, flow, sent, case, one),
            to_case_id=known.get(one, case.id),
        )
        for one in readers
    ]
    made = (store_release(tx.session, state, one, tx.now, person) for one in owed)
    return [one for one in made if one is not None]


def _known_by(state: PerpetratorState, case: Case) -> dict[Reader, str | None]:
    """Returns by which of its own cases each manager knows the perpetrator: this one, where it names that manager."""
    return {
        Reader(one.agency, one.role, one.area): case.id if case.id in one.case_ids else min(one.case_ids, default=None)
        for one in managers_of(state)
    }


def _flow_of_people(sent: ReleaseRequest) -> Flow:
    flow = flows().get(sent.flow)
    if flow is None or flow.released_by is None:
        people = ", ".join(one.id for one in flows().values() if one.released_by is not None)
        raise _invalid("/flow", "not_released_by_people", f"people release {people}")
    if sent.receiver not in flow.receivers or sent.receiver not in {FlowReceiver.MANAGERS, *_POST_OF}:
        raise _invalid(
            "/receiver", "unknown", f"{flow.id} goes to {', '.join(flow.receivers)}, and not to anybody by hand"
        )
    if (sent.receiver in _IN_AREA_NAMED) != (sent.to_area is not None):
        raise _invalid("/to_area", "area", "name the area of a new area or of who is on call, and of nobody else")
    return flow


def _refuse_wrong_content(flow: Flow, sent: ReleaseRequest, side: FlowSide) -> None:
    by_perpetrators = flow.released_by in _AUTHORS_OF_THE_PERPETRATORS_SIDE
    crosses = side is (FlowSide.VICTIM if by_perpetrators else FlowSide.PERPETRATOR)
    faults = list(faults_of(flow, sent.content, sent.marked, crosses=crosses))
    if faults:
        raise Invalid("what is released does not fit the form of its flow; see `errors`", faults=faults)


def _refuse_other_post(tx: Transaction, flow: Flow, case: Case) -> None:
    account = account_who_acts(tx.session, tx.caller)
    assert flow.released_by is not None  # noqa: S101 - it is a flow that people release
    if account is None or account.post != flow.released_by or case.area not in account.areas:
        raise Forbidden(
            f"{flow.id} is released by a person of the case's area who works as {role_name(flow.released_by)}"
        )


def _readers(tx: Transaction, state: PerpetratorState, case: Case, sent: ReleaseRequest) -> Sequence[Reader]:
    if sent.receiver is FlowReceiver.MANAGERS:
        found = [Reader(one.agency, one.role, one.area) for one in managers_of(state)]
    else:
        role, area = _POST_OF[sent.receiver], sent.to_area or case.area
        agency = agency_in_post(tx.session, area, role)
        found = [Reader(agency, role, area)] if agency else []
    if not found:
        raise Conflict("nobody is known who is to be told of this; have the hub find out who it is, then release it")
    return found


def _content(state: PerpetratorState, flow: Flow, sent: ReleaseRequest, case: Case, reader: Reader) -> Form:
    whom_to_ring = {
        FieldKind.DESK: desk_of(state, state.case(case.id), reader),
        FieldKind.RELAY: relay_of(state, reader),
    }
    return {**sent.content, **{name: whom_to_ring[kind] for name, kind in flow.form.items() if kind in whom_to_ring}}


def _invalid(pointer: str, code: str, detail: str) -> Invalid:
    fault = RequestFault(pointer, code, detail)
    return Invalid("this is released in no such way; see `errors`", faults=[fault])

"""A named person says that a release was received, or that their agency is not the one who should be told.

Told means received: until then it is said again, to more and more people (DHR "Jean" 14.1.13).
"""

from app.access.vocabulary import CallerRole
from app.flows import repository
from app.flows.models import FlowRelease
from app.flows.owing.forms import Reader, without_place
from app.flows.owing.owed import FIND_OUT, OwedRelease
from app.flows.releasing import state_around, store_release
from app.flows.state import PerpetratorState
from app.flows.vocabulary import FlowSide, MisdirectionReason, ReleaseForm
from app.foundation.errors import Conflict, Forbidden, NotFound
from app.foundation.storage.transaction import Transaction
from app.reminders.service import cancel_ladder
from app.vocabulary import Role

RECEIVED, MISDIRECTED = "received", "misdirected"
WHO_LOOKED = "F27"
_THEN = (Role.PVP_HUB, Role.MARAC_COORDINATOR, Role.STRATEGIC_LEAD)
"""Who is to find out when nobody else is known: the hub of the fact's own area, and then whoever stands above it."""


def kept_from(role: str) -> frozenset[FlowSide]:
    """Returns the sides of which a client of this role reads nothing."""
    return frozenset({FlowSide.VICTIM}) if role == CallerRole.PERPETRATOR_SIDE else frozenset()


def find_release(tx: Transaction, release_id: str) -> FlowRelease:
    """Returns the release. Raises `NotFound` when there is none that the caller may see."""
    release = repository.release_by_id(tx.session, release_id)
    if release is None or release.side in kept_from(tx.caller.role):
        raise NotFound("there is no such release, or it is not yours to see")
    return release


def receive(tx: Transaction, release: FlowRelease) -> None:
    """Records that the named person who acts received it. A second receipt changes nothing.

    Raises `Forbidden` for another agency, `Invalid` (no-person) for a program, and `Conflict` for what was misdirected.
    """
    person = _person(tx, release)
    _refuse_misdirected(release)
    if release.received_at is None:
        release.received_at, release.received_by = tx.now, person
        tx.session.flush()
        cancel_ladder(tx.session, release.id, RECEIVED, tx.now)


def misdirect(tx: Transaction, release: FlowRelease, reason: MisdirectionReason) -> None:
    """Records that the agency is not the one, and releases it to the next. Call it in a scope that sees every row.

    Raises as `receive` does, and `Conflict` for what was received.
    """
    person = _person(tx, release)
    _refuse_misdirected(release)
    if release.flow == WHO_LOOKED:
        raise Conflict("this says who searched for somebody of your own area's case; receive it")
    if release.received_at is not None:
        raise Conflict("a named person of your agency has received this already; ring the desk that it names")
    release.misdirected_at, release.misdirected_by, release.misdirected_because = tx.now, person, reason
    tx.session.flush()
    cancel_ladder(tx.session, release.id, MISDIRECTED, tx.now)
    state = state_around(tx.session, release.case_id, tx.now)
    reader = _next_reader(tx, release, state)
    if reader is not None:
        store_release(tx.session, state, _anew(state, release, reader), tx.now)


def _person(tx: Transaction, release: FlowRelease) -> str:
    if release.agency != tx.caller.agency:
        raise Forbidden("what was released is received by the agency that it went to")
    return tx.caller.named_person("a release is received by a named person")


def _refuse_misdirected(release: FlowRelease) -> None:
    if release.misdirected_at is not None:
        raise Conflict("your agency has said that this is not for it; it went to the next receiver")


def _next_reader(tx: Transaction, release: FlowRelease, state: PerpetratorState) -> Reader | None:
    """Returns who is told next, who was not told of this fact yet; None once everybody has been."""
    receivers = repository.agencies_released_to(tx.session, release.flow, release.fact)
    case = state.case(release.case_id)
    places = [(release.area, release.role), *((case.area, role) for role in _THEN)]
    readers = (Reader(state.posts[place], place[1], place[0]) for place in places if place in state.posts)
    return next((one for one in readers if one.agency not in receivers), None)


def _anew(state: PerpetratorState, release: FlowRelease, reader: Reader) -> OwedRelease:
    """Returns what is owed to the next receiver: the form itself to another post, an enquiry to whoever finds out."""
    finds_out = reader.role in _THEN
    content = release.content if finds_out else without_place(state, release.case_id, release.content, reader)
    return OwedRelease(
        flow=release.flow,
        fact=release.fact,
        case_id=release.case_id,
        reader=reader,
        side=FlowSide.BOTH if finds_out else release.side,
        content=content | {"find_out": FIND_OUT} if finds_out else content,
        danger=release.danger,
        to_case_id=release.case_id if finds_out else release.to_case_id,
        form=ReleaseForm.ENQUIRY if finds_out else release.form,
    )

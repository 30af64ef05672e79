"""A chair decides against the order, or against a "no": a record of its own that names the new owner.

It moves nothing. The named forum is asked and owns the need only once it accepts; until then the present owner does.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_exists, agency_in_post
from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.ownership import repository
from app.ownership.models import Need, Override, Ownership
from app.ownership.needs.chairs import MARAC_CHAIR, refuse_unless_chair
from app.ownership.proposals.answers import withdraw
from app.ownership.proposals.leads import ANSWER_WITHIN, FORUM_ROLES
from app.ownership.proposals.service import LEAD, Asked, basis_now, send
from app.ownership.schemas import OverrideRequest
from app.referrals.models import Case
from app.vocabulary import Forum, NeedKind

STATUTORY = frozenset({Forum.MAPPA_L2, Forum.MAPPA_L3})


def override(
    session: Session, caller: Caller, need: Need, case: Case, sent: OverrideRequest, now: datetime
) -> Override:
    """The chair's decision is on record with its reason, and the forum it names has been asked, whatever it said before."""
    refuse_ended(need)
    refuse_marac_for_a_perpetrator(need, sent.forum)
    owner = repository.current_ownership(session, need)
    _refuse_unless_may_decide(session, caller, need, owner)
    if owner.forum == sent.forum:
        raise Conflict(f"{owner.forum} owns this need already, and stays its owner")
    agency = _named_agency(session, need, sent)
    for waiting in repository.waiting_proposals(session, need.id, LEAD):
        if waiting.forum == sent.forum:
            withdraw(session, waiting, need, "asked anew by the chair's decision", caller.answerable, now)
    asked = Asked(sent.forum, FORUM_ROLES[sent.forum], ANSWER_WITHIN, sent.reason)
    proposal = send(session, need, case, asked, basis_now(session, case, caller.agency), now, agency)
    made = Override(
        id=new_id("ovr"),
        need_id=need.id,
        proposal_id=proposal.id,
        stands_against=owner.id,
        area=need.area,
        agencies=sorted({*proposal.agencies, *need.agencies}),
        reason=sent.reason,
        overridden_by=caller.answerable,
        overridden_at=now,
    )
    session.add(made)
    session.flush()
    return made


def refuse_ended(need: Need) -> None:
    """An ended need is history."""
    if need.ended_at is not None:
        raise Conflict("this need has ended; a new referral or incident opens a new one")


def refuse_marac_for_a_perpetrator(need: Need, forum: Forum) -> None:
    if need.kind == NeedKind.PERPETRATOR and forum is Forum.MARAC:
        raise Invalid("MARAC hears once and discharges; it cannot own a perpetrator need (review 14.2.4)")


def _refuse_unless_may_decide(session: Session, caller: Caller, need: Need, owner: Ownership) -> None:
    """The area's MARAC chair decides, but never over MAPPA level 2 or 3; the forum that owns the need always may."""
    over_mappa = need.kind == NeedKind.PERPETRATOR and Forum(owner.forum) in STATUTORY
    if caller.role == MARAC_CHAIR and need.area in caller.areas and not over_mappa:
        return
    refuse_unless_chair(session, caller, need, owner)


def _named_agency(session: Session, need: Need, sent: OverrideRequest) -> str:
    """An owner is never an empty role: the agency named, or the one in that post."""
    if sent.agency is not None and not agency_exists(session, sent.agency):
        raise Invalid(
            "`agency` is not an agency of this service",
            faults=[RequestFault("/agency", "unknown", "name an agency of this service")],
        )
    agency = sent.agency or agency_in_post(session, need.area, FORUM_ROLES[sent.forum])
    if agency is None:
        raise Invalid(
            "nobody fills that forum's post in this area; name the agency that is to own the need",
            faults=[RequestFault("/agency", "missing", "name the agency that is to own the need")],
        )
    return agency

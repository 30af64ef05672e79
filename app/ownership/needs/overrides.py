"""A chair decides against the order, or against a decline: an override that names the new owner.

It moves nothing. The named forum is asked and owns the need only once it accepts; until then the present owner does.
"""

from app.access.directory import refuse_unknown_agency
from app.access.repository import agency_in_post
from app.access.vocabulary import CallerRole
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Override, Ownership, Proposal
from app.ownership.needs.chairs import refuse_unless_chair
from app.ownership.proposals.answers import Withdrawal, withdraw_proposal
from app.ownership.proposals.leads import ANSWER_WITHIN, FORUM_ROLES
from app.ownership.proposals.proposing import ProposalDraft, basis_now, send_proposal
from app.ownership.schemas import OverrideRequest
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.vocabulary import Forum, NeedKind

STATUTORY = frozenset({Forum.MAPPA_L2, Forum.MAPPA_L3})


def override_owner(tx: Transaction, need: Need, case: Case, sent: OverrideRequest) -> Override:
    """Records the override with its reason, and asks the forum it names, even one that declined on the same facts.

    Raises `Forbidden` for a caller who may not decide, `Conflict` when the need has ended or that forum owns it, and
    `Invalid` when the forum may not own it or no agency is known to.
    """
    refuse_ended(need)
    refuse_marac_for_a_perpetrator(need, sent.forum)
    owner = repository.current_ownership(tx.session, need)
    _refuse_unless_may_decide(tx, need, owner)
    if owner.forum == sent.forum:
        raise Conflict(f"{owner.forum} owns this need already, and stays its owner")
    proposal = _propose_named_owner(tx, need, case, sent)
    override = Override(
        id=new_id("ovr"),
        need_id=need.id,
        proposal_id=proposal.id,
        stands_against=owner.id,
        area=need.area,
        agencies=sorted({*proposal.agencies, *need.agencies}),
        reason=sent.reason,
        overridden_by=tx.by,
        overridden_at=tx.now,
    )
    tx.session.add(override)
    tx.session.flush()
    return override


def _propose_named_owner(tx: Transaction, need: Need, case: Case, sent: OverrideRequest) -> Proposal:
    """Asks the named forum anew; a proposal to it that waits is withdrawn, since each forum is asked once at a time."""
    agency = _named_agency(tx, need, sent)
    withdrawal = Withdrawal("asked anew by the chair's decision", tx.by)
    for waiting in proposal_repository.waiting_proposals(tx.session, need.id, ProposalKind.LEAD):
        if waiting.forum == sent.forum:
            withdraw_proposal(tx.session, waiting, need, withdrawal, tx.now)
    draft = ProposalDraft(sent.forum, FORUM_ROLES[sent.forum], ANSWER_WITHIN, sent.reason, ProposalKind.LEAD, agency)
    return send_proposal(tx.session, need, draft, basis_now(tx.session, case, tx.caller.agency), tx.now)


def refuse_ended(need: Need) -> None:
    """Raises `Conflict` for a need that has ended."""
    if need.ended_at is not None:
        raise Conflict("this need has ended; a new referral or incident opens a new one")


def refuse_marac_for_a_perpetrator(need: Need, forum: Forum) -> None:
    """Raises `Invalid` when MARAC is to own a perpetrator need (DHR "Jean" 14.2.4)."""
    if need.kind == NeedKind.PERPETRATOR and forum is Forum.MARAC:
        raise Invalid("MARAC hears once and discharges; it cannot own a perpetrator need (review 14.2.4)")


def _refuse_unless_may_decide(tx: Transaction, need: Need, owner: Ownership) -> None:
    """Refuses all but the owning forum's chair and, except over MAPPA level 2 or 3, the area's MARAC chair."""
    over_mappa = need.kind == NeedKind.PERPETRATOR and owner.forum in STATUTORY
    if tx.caller.role == CallerRole.MARAC_CHAIR and need.area in tx.caller.areas and not over_mappa:
        return
    refuse_unless_chair(tx, need, owner)


def _named_agency(tx: Transaction, need: Need, sent: OverrideRequest) -> str:
    """Returns the agency that the chair names, or the one in the forum's post: an owner is always an agency."""
    if sent.agency is not None:
        refuse_unknown_agency(tx.session, need.area, sent.agency, "/agency")
    agency = sent.agency or agency_in_post(tx.session, need.area, FORUM_ROLES[sent.forum])
    if agency is None:
        raise Invalid(
            "nobody fills that forum's post in this area; name the agency that is to own the need",
            faults=[RequestFault("/agency", "missing", "name the agency that is to own the need")],
        )
    return agency

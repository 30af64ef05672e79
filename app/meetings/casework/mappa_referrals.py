"""Refers a perpetrator to MAPPA level 2 or 3. Any responsible or co-operating agency may refer, not only probation.

Source: Criminal Justice Act 2003 s325; DHR "Jean" 14.2.15: no agency referred the perpetrator to level 2.
"""

from app.access.repository import agency_in_post
from app.access.vocabulary import COORDINATORS
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.decision_schemas import MappaReferralRequest
from app.meetings.parameters import mappa_answers_within
from app.meetings.record_models import MappaReferral
from app.meetings.repositories import case_repository
from app.ownership.models import Need, Proposal
from app.ownership.proposal_repository import waiting_proposals
from app.ownership.proposals.proposing import ProposalDraft, basis_now, propose
from app.ownership.repository import current_ownership, need_for_change
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.referrals.repositories.report_repository import latest_referral_of
from app.referrals.service import as_now_known
from app.vocabulary import Forum, Role

RESPONSIBLE = frozenset({Role.PVP_HUB, Role.SUPERVISING_PRACTITIONER, Role.SENIOR_PROBATION, Role.PRISON_OMU})
CO_OPERATING = frozenset(
    {
        Role.YOUTH_JUSTICE,
        Role.CHILDRENS_SOCIAL_CARE,
        Role.ADULT_SOCIAL_CARE,
        Role.HOUSING,
        Role.EDUCATION,
        Role.MENTAL_HEALTH,
        Role.SECONDARY_CARE,
    }
)
"""Agencies with a duty to co-operate: education, social care and housing of councils, and NHS trusts, are among them.

Practices of general medicine and services for drugs and alcohol are not (MAPPA guidance, chapter 3.4, on s325(6)).
"""


def refer_to_mappa(tx: Transaction, case: Case, sent: MappaReferralRequest) -> MappaReferral:
    """Asks MAPPA to lead on the perpetrator and records the referral. The present owner remains until MAPPA accepts.

    Raises `Forbidden` when the agency may not refer, `Conflict` when nobody is identified or MAPPA is not to be asked.
    """
    agency = _referring_agency(tx, case, sent)
    found = case_repository.open_perpetrator_need(tx.session, case.id)
    # Locked, so that two agencies that refer at once share one proposal.
    need = need_for_change(tx.session, found.id) if found else None
    if need is None or case.perpetrator_ref is None:
        raise Conflict(
            "the perpetrator is not identified, and MAPPA manages a person; finding out who it is belongs to the hub"
        )
    proposal = _waiting_or_new_proposal(tx, case, need, agency, sent)
    made = MappaReferral(
        id=new_id("mpr"),
        case_id=case.id,
        need_id=need.id,
        proposal_id=proposal.id,
        area=case.area,
        agencies=sorted({agency, *proposal.agencies}),
        **sent.model_dump(exclude={"referring_agency"}),
        category_on_record=_category_on_record(tx, case),
        referring_agency=agency,
        referred_by=tx.by,
        referred_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    return made


def _category_on_record(tx: Transaction, case: Case) -> int | None:
    referral = latest_referral_of(tx.session, case.id)
    return as_now_known(tx.session, referral).perpetrator.mappa.category if referral else None


def _referring_agency(tx: Transaction, case: Case, sent: MappaReferralRequest) -> str:
    agency = sent.referring_agency or tx.caller.agency
    if agency != tx.caller.agency and tx.caller.role not in COORDINATORS:
        raise Forbidden("an agency refers for itself; only MARAC's co-ordinator or chair records for another")
    if not case_repository.posts_of(tx.session, case.area, agency) & (RESPONSIBLE | CO_OPERATING):
        raise Forbidden(
            "a responsible or co-operating agency of this area refers to MAPPA; ask the co-ordinator to name one"
        )
    return agency


def _waiting_or_new_proposal(
    tx: Transaction, case: Case, need: Need, agency: str, sent: MappaReferralRequest
) -> Proposal:
    """Returns the proposal that already waits at that level, or asks the level with a new one."""
    forum = Forum.MAPPA_L3 if sent.level == 3 else Forum.MAPPA_L2  # noqa: PLR2004 - the statute's own number
    if current_ownership(tx.session, need).forum == forum:
        raise Conflict(f"{forum} has already accepted the perpetrator; send it what is new")
    waiting = next((p for p in waiting_proposals(tx.session, need.id, ProposalKind.LEAD) if p.forum == forum), None)
    if waiting is not None:
        return waiting
    within = mappa_answers_within(tx.session, case.area, tx.now)
    coordinator = _coordinator_of(tx, sent.mappa_area)
    asked = ProposalDraft(forum, Role.MAPPA_COORDINATOR, within, sent.grounds, agency=coordinator)
    made = propose(tx.session, need, [asked], basis_now(tx.session, case, agency), tx.now)
    if not made:
        raise Conflict(
            f"{forum} was not asked: it declined on the same facts, or ranks below the present owner; "
            "add what is new to the referral, and it may be asked again"
        )
    return made[0]


def _coordinator_of(tx: Transaction, area: str | None) -> str | None:
    """Returns the MAPPA co-ordinator of the area that the referral names; None: it names none."""
    if area is None:
        return None
    coordinator = agency_in_post(tx.session, area, Role.MAPPA_COORDINATOR)
    if coordinator is None:
        fault = RequestFault("/mappa_area", "nobody_to_ask", "name an area with a co-ordinator, or leave it out")
        raise Invalid("`mappa_area` has no MAPPA co-ordinator here", faults=[fault])
    return coordinator

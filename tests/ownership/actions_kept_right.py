"""What no history of a case may leave behind: an open action for what is done or is owed no longer.

Source: design note on proportion, section 4. A protection ends by its own fact, by a person, or with its need.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.further_cases.models import FurtherCase
from app.actions.models import Action
from app.actions.notices.models import WorkNotice
from app.meetings.models import Listing
from app.meetings.record_models import EmergencyDecision
from app.ownership.models import Proposal, ProposalAnswer
from app.ownership.repository import open_needs_of_case
from app.policies.registry import policy_by_sha256
from app.referrals.models import Case, Decision
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import answer_of, duties_of, printed_decision
from app.routing.policy.conditions import is_met
from app.routing.policy.duty_ids import AGREE_CONTACT, EMERGENCY_MEETING, MARAC_REFERRAL, RESEARCH, SUPERVISION_RESEARCH
from app.routing.policy.types import DutyKind, DutyTemplate
from app.vocabulary import ActionOutcome, ActionState, ProposalState

NOT_REPORTED = {ActionState.PLANNED, ActionState.OPEN, ActionState.RETURNED}
NOBODYS = {DutyKind.GUARD, DutyKind.ENQUIRY}


def wrong_actions(sessions: sessionmaker[Session]) -> dict[str, list[str]]:
    """The actions of every case that break a law of their ends, by law."""
    found: dict[str, list[str]] = defaultdict(list)
    with sessions() as session:
        scope_to_system(session)
        for case in session.scalars(select(Case)).all():
            decision = latest_decision_of(session, case.id)
            if decision is not None:
                for law, action_id in _wrong_in_case(session, case, decision):
                    found[law].append(action_id)
    return found


def _wrong_in_case(session: Session, case: Case, decision: Decision) -> Iterator[tuple[str, str]]:
    facts = printed_decision(session, decision).decision.facts
    templates = {one.id: one for one in policy_by_sha256(session, decision.policy_sha256).duties}
    for action in session.scalars(select(Action).where(Action.case_id == case.id)).all():
        template = templates.get(action.duty or "")
        if template is None or action.decision_id is None:
            continue
        waits = action.state in NOT_REPORTED
        if waits and template.shown_by and all(is_met(one, facts[one.left]) for one in template.shown_by):
            yield "open for what the record shows as done", action.id
        if waits and not template.lasts_until_done and not _is_owed(session, action, decision):
            yield "open for what is owed no longer", action.id
        if waits and template.kind in NOBODYS:
            yield "somebody's although nobody is to do it", action.id
        if _lost_its_protection(session, action, template):
            yield "a protection that a decision ended", action.id
    yield from _wrong_telling(session, case)
    yield from (("asked of the chair, who has answered", one) for one in _answered_questions(session, case))
    yield from (("research for a hearing that nobody waits for", one) for one in _idle_research(session, case))


def _wrong_telling(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    """What is wrong with the senders' actions for notices that nobody received."""
    notices = session.scalars(select(WorkNotice).where(WorkNotice.case_id == case.id)).all()
    told: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for action in session.scalars(
        select(Action).where(Action.case_id == case.id, Action.duty.startswith("UNRECEIVED:"))
    ):
        of_action = [one for one in notices if one.action_id == action.id]
        if action.sort_at <= action.created_at:
            yield "given back late", action.id
        if action.owner_agency == action.recipient_agency and action.what.startswith(f"Tell {action.recipient_agency}"):
            yield "an agency asked to tell itself", action.id
        if any((one.sender_role, one.agency) != (action.owner_role, action.recipient_agency) for one in of_action):
            yield "a step that another post owes, or owes to another", action.id
        if action.state not in {ActionState.OPEN, ActionState.RETURNED}:
            continue
        left = [one for one in of_action if one.received_at is None and one.ended_because is None]
        if not left:
            yield "to be told, though all is received or owed no longer", action.id
        if left and not any(_is_still_told(session, case, one) for one in left):
            yield "to be told what is owed no longer", action.id
        for one in left:
            if _has_answered(session, one):
                yield "to be told, though that post has answered", action.id
            told[one.agency, one.role, one.sender_role, one.sender_agency or "", one.about or ""].add(action.id)
    yield from (("told twice", max(ids)) for ids in told.values() if len(ids) > 1)


def _is_still_told(session: Session, case: Case, notice: WorkNotice) -> bool:
    """Whether the newest decision owes a step of the notice, or MARAC, which is to be told, is still asked."""
    decision = latest_decision_of(session, case.id)
    assert decision is not None
    asked = {MARAC_REFERRAL} if answer_of(decision, "marac") == "yes" else set()
    return bool({*duties_of(decision), *asked} & {*notice.steps})


def _has_answered(session: Session, notice: WorkNotice) -> bool:
    answered = (
        select(ProposalAnswer.id)
        .join(Proposal, Proposal.id == ProposalAnswer.proposal_id)
        .where(
            Proposal.case_id == notice.case_id,
            Proposal.agency == notice.agency,
            Proposal.role == notice.role,
            ProposalAnswer.state.in_([ProposalState.ACCEPTED, ProposalState.DECLINED]),
            ProposalAnswer.answered_at > notice.sent_at,
        )
    )
    return bool(session.scalar(select(answered.exists())))


def _is_owed(session: Session, action: Action, decision: Decision) -> bool:
    """Whether the newest decision of its own case or of a further one owes it."""
    further = select(FurtherCase.case_id).where(FurtherCase.action_id == action.id, FurtherCase.ended_at.is_(None))
    newest = [decision, *(latest_decision_of(session, one) for one in session.scalars(further))]
    return any(action.duty in duties_of(one) for one in newest if one is not None)


def _lost_its_protection(session: Session, action: Action, template: DutyTemplate) -> bool:
    if action.outcome is not ActionOutcome.NO_LONGER_OWED or not template.lasts_until_done:
        return False
    if template.id == AGREE_CONTACT:  # ends by its own fact: nothing holds contact any more
        return False
    needs = {need.kind for need in open_needs_of_case(session, action.case_id)}
    return action.about in needs if action.about else bool(needs)


def _idle_research(session: Session, case: Case) -> list[str]:
    """The unreturned research of the case for which neither it nor a further case waits on any list."""
    further = select(FurtherCase.case_id).where(FurtherCase.action_id == Action.id, FurtherCase.ended_at.is_(None))
    waits = select(Listing.id).where(
        or_(Listing.case_id == Action.case_id, Listing.case_id.in_(further)),
        Listing.heard_on.is_(None),
        Listing.left_on.is_(None),
    )
    research = or_(Action.duty.startswith(f"{RESEARCH}:"), Action.duty == SUPERVISION_RESEARCH)
    unreturned = (Action.case_id == case.id, research, Action.state.in_(NOT_REPORTED))
    return list(session.scalars(select(Action.id).where(*unreturned, ~waits.exists())))


def _answered_questions(session: Session, case: Case) -> list[str]:
    answered = select(EmergencyDecision.id).where(
        EmergencyDecision.case_id == case.id, EmergencyDecision.decided_at >= Action.created_at
    )
    waiting = select(Action.id).where(
        Action.case_id == case.id, Action.duty == EMERGENCY_MEETING, Action.state.in_(NOT_REPORTED), answered.exists()
    )
    return list(session.scalars(waiting))

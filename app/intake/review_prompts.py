"""Another man harms her: whoever holds the cases of the others is prompted to look at them again.

Source: DHR "Jean" 14.1.27-28: she was helped over the second man, and nobody looked at the first again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.models import Action
from app.actions.recording.assignment import Assignment, assign_duties
from app.foundation.clock import london_date
from app.ownership.models import Need
from app.ownership.repository import current_ownership, open_needs_of_case
from app.people.service import refs_of_same_person
from app.referrals.models import Case, Decision
from app.referrals.repository import case_by_id, cases_of_victim, latest_decision_of
from app.reminders.deadline import Deadline
from app.vocabulary import ActionState, NeedKind, Role

REVISIT = "REVISIT"
REVISIT_WITHIN_WORKING_DAYS = 1  # [I] a product default; the review gives no figure


@dataclass(frozen=True, slots=True)
class ReviewPrompt:
    """A case that waits for a person to have it decided anew, what stands for it, and the cases opened since."""

    case: Case
    action: Action
    decision: Decision
    opened_since: tuple[Case, ...]


def prompt_other_holders(session: Session, opened: Case, now: datetime) -> None:
    """Every other open case of this victim is to be looked at again by its perpetrator's accepted owner.

    Only the case's first decision prompts; what is reported of a known case later prompts nobody. Ids alone are told:
    the other case may lie where she has moved to, and whoever holds the first man need not know where that is.
    """
    if session.scalar(select(func.count()).where(Decision.case_id == opened.id)) != 1:
        return
    for case in _other_cases(session, opened):
        need = _his_open_need(session, case)
        if need is not None:
            assign_duties(session, [_look_again(session, case, need, now)], now)


def prompts(session: Session) -> Sequence[Action]:
    """The prompts to look again that are not finished, as far as the caller may see them."""
    return session.scalars(
        select(Action).where(Action.duty == REVISIT, Action.state != ActionState.REVIEWED)
    ).all()


def cases_to_revisit(session: Session, prompted: Sequence[Action]) -> list[ReviewPrompt]:
    """Prompted cases, the longest decided first, until each has been decided on after the prompt or has ended."""
    found = [waiting for action in prompted if (waiting := _waiting(session, action)) is not None]
    return sorted(found, key=lambda each: each.decision.number)


def _waiting(session: Session, action: Action) -> ReviewPrompt | None:
    case, decision = case_by_id(session, action.case_id), latest_decision_of(session, action.case_id)
    if case is None or decision is None or _his_open_need(session, case) is None:
        return None
    since = [other for other in _other_cases(session, case) if other.opened_at > decision.decided_at]
    return ReviewPrompt(case, action, decision, tuple(since)) if since else None


def _other_cases(session: Session, case: Case) -> list[Case]:
    """The victim's cases under any of her pseudonyms, but for those with the same man. Nobody known is nobody's same."""
    hers = cases_of_victim(session, refs_of_same_person(session, case.victim_ref))
    him = case.perpetrator_ref
    his = refs_of_same_person(session, him) if him else frozenset[str]()
    return [other for other in hers if other.id != case.id and other.perpetrator_ref not in his]


def _his_open_need(session: Session, case: Case) -> Need | None:
    needs = open_needs_of_case(session, case.id)
    return next((need for need in needs if need.kind == NeedKind.PERPETRATOR), None)


def _look_again(session: Session, case: Case, need: Need, now: datetime) -> Assignment:
    owner = current_ownership(session, need)
    calendar = calendar_of_area(session, case.area)
    chair = agency_in_post(session, case.area, Role.MARAC_CHAIR)
    return Assignment(
        case_id=case.id,
        area=case.area,
        what="Look at this case again: somebody else has been reported for harming the same victim. "
        "Ask the MARAC co-ordinator what is known, and have the case decided anew",
        done_when="The case was decided anew on everything known, and what changes for him is on record",
        owner_role=owner.role,
        owner_agency=owner.agency,
        deadline=Deadline(calendar.add(london_date(now), REVISIT_WITHIN_WORKING_DAYS), None),
        duty=REVISIT,
        about=NeedKind.PERPETRATOR,
        forums=(owner.forum,),
        informed=(*case.agencies, chair or ""),
    )

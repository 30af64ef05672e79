"""Asks every agency what it holds before a case is heard (D11, D12). Silence shows as "not returned".

Source: DHR "Jean" 14.1.25, 14.2.11, 17.26: a practitioner came with nothing, and a return left out an order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.duty_ids import research_duty
from app.meetings.lists.victims_cases import other_cases_of_victim
from app.meetings.models import Meeting
from app.meetings.parameters import deadline_of_duty
from app.meetings.repositories import research_repository
from app.meetings.vocabulary import ResearchForm
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.routing.policy.duty_ids import RESEARCH, SUPERVISION_RESEARCH
from app.vocabulary import Role

# [I] The posts whose agencies hold records on most cases. The agency that referred is asked as well.
POSTS_ASKED = (
    Role.SUPERVISING_PRACTITIONER,
    Role.PVP_HUB,
    Role.IDVA,
    Role.CHILDRENS_SOCIAL_CARE,
    Role.ADULT_SOCIAL_CARE,
    Role.HOUSING,
    Role.EDUCATION,
    Role.MENTAL_HEALTH,
    Role.SUBSTANCE_MISUSE,
    Role.PRIMARY_CARE,
    Role.SECONDARY_CARE,
)

DUTIES = {ResearchForm.AGENCY: RESEARCH, ResearchForm.SUPERVISION: SUPERVISION_RESEARCH}


@dataclass(frozen=True, slots=True)
class ResearchRound:
    """What all research requests of one case for one meeting share. `coordinator` is "" while nobody fills the post.

    `due_on` is the day of each form; for a case that is listed late, when the policy's day has passed, today.
    `other_cases` are the victim's further cases, for which an agency is asked together with this one.
    """

    case: Case
    meeting: Meeting
    due_on: Mapping[ResearchForm, date]
    coordinator: str
    other_cases: tuple[str, ...]


def agencies_to_ask(session: Session, case: Case) -> dict[str, Role]:
    """Returns each agency that is asked about a case, once, with the post that answers."""
    asked: dict[str, Role] = {}
    for role in POSTS_ASKED:
        agency = agency_in_post(session, case.area, role)
        if agency is not None:
            asked.setdefault(agency, role)
    return asked | {agency: Role.REFERRER for agency in case.agencies if agency not in asked}


def request_research(tx: Transaction, case: Case, meeting: Meeting, listed_at: datetime) -> None:
    """Gives each agency an open action to return what it holds, due when the area's policy says (D11), or today.

    An agency that answered since the case was listed is not asked again when the hearing moves. It is asked once for
    the victim: one action, and a form for each case, for what it holds on one perpetrator is not true of another.
    """
    asked = agencies_to_ask(tx.session, case)
    answered = research_repository.answered_actions_since(tx.session, case.id, listed_at)
    research = _round(tx, case, meeting)
    silent = {agency: role for agency, role in asked.items() if agency not in answered}
    wanted = [_assignment(research, agency, role) for agency, role in silent.items()]
    actions = assign_duties(tx.session, wanted, tx.now)
    action_ids = answered | dict(zip(silent, (action.id for action in actions), strict=True))
    for agency, role in asked.items():
        row = _row(research, agency, role) | {"action_id": action_ids[agency], "requested_at": tx.now}
        research_repository.insert_research_request_unless_there(tx.session, row)


def _round(tx: Transaction, case: Case, meeting: Meeting) -> ResearchRound:
    due_on = {form: _due_on(tx, case, meeting, duty) for form, duty in DUTIES.items()}
    coordinator = agency_in_post(tx.session, case.area, Role.MARAC_COORDINATOR) or ""
    others = other_cases_of_victim(tx.session, case.id, meeting.forum)
    return ResearchRound(case, meeting, due_on, coordinator, others)


def _due_on(tx: Transaction, case: Case, meeting: Meeting, duty: str) -> date:
    wanted = deadline_of_duty(tx.session, case.area, duty, meeting.held_on, tx.now)
    return max(wanted.on or london_date(wanted.passes_at), london_date(tx.now))


def _form(role: Role) -> ResearchForm:
    return ResearchForm.SUPERVISION if role is Role.SUPERVISING_PRACTITIONER else ResearchForm.AGENCY


def _row(research: ResearchRound, agency: str, role: Role) -> dict[str, object]:
    return {
        "id": new_id("rsq"),
        "meeting_id": research.meeting.id,
        "case_id": research.case.id,
        "area": research.case.area,
        "agencies": sorted({agency, research.coordinator} - {""}),
        "agency": agency,
        "form": _form(role),
    }


def _assignment(research: ResearchRound, agency: str, role: Role) -> Assignment:
    is_supervision = _form(role) is ResearchForm.SUPERVISION
    every_part = "abuse history, all orders, risk of serious harm by group, MAPPA, licence, address"
    on_people = "what your agency holds on both people of each case, or that it holds nothing"
    what = f"{every_part if is_supervision else on_people}; the victim is not contacted for it"
    return Assignment(
        case_id=research.case.id,
        area=research.case.area,
        what=f"Return to {research.meeting.forum} before the hearing: {what}",
        done_when="The return is filed" + (" and countersigned" if is_supervision else ""),
        recipient=Role.MARAC_COORDINATOR,
        owner_role=role,
        owner_agency=agency,
        deadline=Deadline(research.due_on[_form(role)], None),
        duty=SUPERVISION_RESEARCH if is_supervision else research_duty(agency),
        forums=(research.meeting.forum,),
        informed=(research.coordinator,),
        once_in=() if is_supervision else research.other_cases,
    )

"""Every agency is asked what it holds before a case is heard, and silence shows (D11, D12).

Source: DHR "Jean" 14.1.25, 14.2.11, 17.26: a practitioner came with nothing, and a return left out an order.
"""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.models import Action
from app.actions.outcomes.reporting import report_outcome
from app.actions.recording.assignment import Assignment, assign_duties
from app.actions.repository import action_for_change
from app.actions.schemas import OutcomeRequest
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings import agenda_repository
from app.meetings.models import Meeting
from app.meetings.parameters import RETURN_WORKING_DAYS_BEFORE
from app.meetings.record_models import ResearchRequest, ResearchReturn
from app.meetings.research_schemas import ResearchForm, ReturnRequest, SupervisionReturn
from app.referrals.models import Case
from app.referrals.repository import latest_decision_of
from app.reminders.deadline import Deadline
from app.routing.policy.vocabulary import RoshLevel
from app.routing.record.codec import from_dict
from app.vocabulary import ActionOutcome, ActionState, Role

# [I] the posts whose agencies hold records on most cases; whoever referred is asked as well
RESEARCHERS = (
    Role.SUPERVISING_PRACTITIONER,
    Role.PVP_HUB,
    Role.IDVA,
    Role.CHILDRENS_SOCIAL_CARE,
    Role.ADULT_SOCIAL_CARE,
    Role.HOUSING,
)


def agencies_asked(session: Session, case: Case) -> dict[str, Role]:
    """Each agency that is asked about a case, once, with the post that answers."""
    asked: dict[str, Role] = {}
    for role in RESEARCHERS:
        agency = agency_in_post(session, case.area, role)
        if agency is not None:
            asked.setdefault(agency, role)
    return asked | {agency: Role.REFERRER for agency in case.agencies if agency not in asked}


def request_research(
    session: Session, case: Case, meeting: Meeting, listed_at: datetime, now: datetime
) -> None:
    """Each agency has an open action to return what it holds, due three working days before the hearing, or today.

    Whoever has answered since the case was listed is not asked again when the hearing moves.
    """
    asked = agencies_asked(session, case)
    answered = agenda_repository.answered_since(session, case.id, listed_at)
    calendar, today = calendar_of_area(session, case.area), london_date(now)
    due_on = max(calendar.add(meeting.held_on, -RETURN_WORKING_DAYS_BEFORE), today)
    coordinator = agency_in_post(session, case.area, Role.MARAC_COORDINATOR) or ""
    silent = {agency: role for agency, role in asked.items() if agency not in answered}
    wanted = [_duty(case, meeting, agency, role, due_on, coordinator) for agency, role in silent.items()]
    actions = assign_duties(session, wanted, now)
    action_ids = answered | dict(zip(silent, (action.id for action in actions), strict=True))
    for agency, role in asked.items():
        row = {
            "id": new_id("rsq"),
            "meeting_id": meeting.id,
            "case_id": case.id,
            "area": case.area,
            "agencies": sorted({agency, coordinator} - {""}),
            "action_id": action_ids[agency],
            "agency": agency,
            "form": _form(role),
            "due_on": due_on,
            "requested_at": now,
        }
        session.execute(insert(ResearchRequest).values(row).on_conflict_do_nothing())


def _form(role: Role) -> ResearchForm:
    return ResearchForm.SUPERVISION if role is Role.SUPERVISING_PRACTITIONER else ResearchForm.AGENCY


def _duty(
    case: Case, meeting: Meeting, agency: str, role: Role, due_on: date, coordinator: str
) -> Assignment:
    supervision = _form(role) is ResearchForm.SUPERVISION
    everything = "abuse history, all orders, risk of serious harm by group, MAPPA, licence, address"
    what = everything if supervision else "what your agency holds on both people, or that it holds nothing"
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=f"Return to {meeting.forum} before it hears this case: {what}",
        done_when="The return is filed" + (" and countersigned" if supervision else ""),
        recipient=Role.MARAC_COORDINATOR,
        owner_role=role,
        owner_agency=agency,
        deadline=Deadline(due_on, None),
        duty="D12" if supervision else f"D11:{agency}",
        forums=(meeting.forum,),
        informed=(coordinator,),
    )


def file_return(
    session: Session, caller: Caller, request: ResearchRequest, sent: ReturnRequest, now: datetime
) -> ResearchReturn:
    """The return is on record and its action reported done; an incomplete or unsigned supervision return is refused."""
    if caller.agency != request.agency:
        raise Forbidden("only the agency that was asked can file this return")
    if request.form == ResearchForm.SUPERVISION:
        _refuse_incomplete_supervision(session, caller, request, sent)
    made = ResearchReturn(
        id=new_id("rtn"),
        request_id=request.id,
        case_id=request.case_id,
        area=request.area,
        agencies=request.agencies,
        document=sent.model_dump(mode="json", exclude_unset=True, exclude={"countersigned_by"}),
        countersigned_by=sent.countersigned_by,
        returned_by=caller.answerable,
        returned_at=now,
    )
    session.add(made)
    _report_done(session, caller, request, now)
    return made


def _refuse_incomplete_supervision(
    session: Session, caller: Caller, request: ResearchRequest, sent: ReturnRequest
) -> None:
    if sent.nothing_held:
        stored = latest_decision_of(session, request.case_id)
        if stored is not None and from_dict(stored.record).facts["supervised"] is True:
            raise Conflict(
                "our records say that he is supervised; return what is held, or correct the record first",
                code="supervised-on-record",
            )
        return
    if sent.supervision is None:
        fault = RequestFault(
            "/supervision", "missing", "history, orders, risk by group, MAPPA, licences, address"
        )
        raise Invalid("a supervising service fills every part of `supervision`", faults=[fault])
    if sent.countersigned_by in {None, caller.answerable, caller.on_behalf_of}:
        fault = RequestFault("/countersigned_by", "second_person", "name somebody other than the sender")
        raise Invalid("a supervision return is countersigned by a second person", faults=[fault])


def _report_done(session: Session, caller: Caller, request: ResearchRequest, now: datetime) -> None:
    action: Action | None = action_for_change(session, request.action_id)
    if action is not None and action.state in {ActionState.OPEN, ActionState.RETURNED}:
        note = "The research return was filed with the co-ordinator"
        done = OutcomeRequest(outcome=ActionOutcome.COMPLETED, note=note)
        report_outcome(Transaction(session, caller, now), action, done)


def contradictions(sent: SupervisionReturn | None) -> list[str]:
    """What in a return cannot all be right. Source: DHR "Jean" 14.3.2 (low to a known adult, two orders in force)."""
    if sent is None:
        return []
    found = []
    if sent.orders and sent.rosh.known_adult == RoshLevel.LOW:
        found.append("the risk to a known adult is LOW while an order protects somebody")
    if sent.mappa.level == "UNKNOWN":
        found.append("his MAPPA level is not known: that is not level 0, and somebody must find out")
    return found

"""An action is agreed, by a meeting or for a case, and what failed before is agreed again only with a reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_exists
from app.actions import repository
from app.actions.assignment import Assignment, assign
from app.actions.models import Action
from app.actions.repeated_failures import failed_before
from app.actions.schemas import ActionRequest, CaseActionRequest
from app.actions.upkeep import record_change
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Invalid, RequestFault
from app.reminders.deadline import Deadline


def add_action(
    session: Session, caller: Caller, case_id: str, area: str, sent: ActionRequest, now: datetime
) -> Action:
    """The action a meeting agreed is open. A vague one never comes so far: its request is refused with what is missing."""
    if not agency_exists(session, sent.owner_agency):
        raise Invalid(
            "`owner_agency` is not an agency of this service", faults=[fault("/owner_agency", "unknown")]
        )
    if sent.due_on is not None and sent.due_on < london_date(now):
        raise Invalid("`due_on` has passed", faults=[fault("/due_on", "in_the_past")])
    deadline, again = Deadline(sent.due_on, sent.due_at), sent.again_within_working_days
    wanted = Assignment(
        case_id=case_id,
        area=area,
        what=sent.what,
        done_when=sent.done_when,
        recipient=sent.recipient,
        about=sent.about,
        owner_agency=sent.owner_agency,
        owner_role=sent.owner_role,
        deadline=deadline,
        forums=sent.forums,
        told=(caller.agency,),
        again_within=f"{again} working days" if again else None,
    )
    return assign(session, wanted, now)


def agree_action(
    session: Session, caller: Caller, case_id: str, area: str, sent: CaseActionRequest, now: datetime
) -> Action:
    """The action is open. One much like it that failed before is set again only with a reason, which is on record."""
    failed = failed_before(repository.actions_of_case(session, case_id), sent, sent.reuse_reason, now)
    action = add_action(session, caller, case_id, area, sent, now)
    if failed is not None:
        reason = sent.reuse_reason or ""
        record_change(session, action, "tried again", failed.id, action.id, reason, caller.answerable, now)
        session.flush()
    return action


def fault(pointer: str, code: str) -> RequestFault:
    """One part of the request that is wrong; the detail of the refusal says how."""
    return RequestFault(pointer, code, "see the detail")

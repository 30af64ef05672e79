"""Records the actions that a meeting agrees or that a person adds to a case."""

from app.access.directory import refuse_post_of_another, refuse_unknown_agency
from app.actions import repository
from app.actions.changes import ChangeDraft, record_change
from app.actions.models import Action
from app.actions.recording.assignment import assign_action
from app.actions.recording.draft import Assignment
from app.actions.recording.repeated_failures import failed_before
from app.actions.schemas import ActionRequest, CaseActionRequest
from app.actions.vocabulary import ChangeKind
from app.foundation.clock import london_date
from app.foundation.errors import Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.vocabulary import NeedKind


def record_agreed_action(tx: Transaction, case: Case, sent: ActionRequest) -> Action:
    """Opens the action that a meeting agreed for the case.

    The request schema refuses a vague action before this. Raises `Invalid` for an unknown owner or a past date.
    """
    refuse_unknown_agency(tx.session, case.area, sent.owner_agency, "/owner_agency")
    refuse_post_of_another(tx.session, case.area, sent.owner_agency, sent.owner_role, "/owner_role")
    if sent.due_on is not None and sent.due_on < london_date(tx.now):
        raise Invalid("`due_on` has passed", faults=[RequestFault("/due_on", "in_the_past")])
    again = sent.again_within_working_days
    agreed = Assignment(
        case_id=case.id,
        area=case.area,
        what=sent.what,
        done_when=sent.done_when,
        recipient=sent.recipient,
        about=sent.about,
        approach=sent.approach,
        owner_agency=sent.owner_agency,
        owner_role=sent.owner_role,
        deadline=Deadline(sent.due_on, sent.due_at),
        forums=sent.forums,
        informed=(tx.caller.agency,),
        again_within=f"{again} working days" if again else None,
        # A meeting says in words whom an action reaches: one that is not about the perpetrator may reach the victim.
        reaches_victim=sent.about is not NeedKind.PERPETRATOR,
    )
    return assign_action(tx.session, agreed, tx.now)


def record_case_action(tx: Transaction, case: Case, sent: CaseActionRequest) -> Action:
    """Opens an action of the case. Repeating a failed action requires a reason, which is kept as a change."""
    earlier = repository.actions_of_case(tx.session, case.id)
    failed = failed_before(earlier, sent, sent.reuse_reason, tx.now)
    action = record_agreed_action(tx, case, sent)
    if failed is not None:
        draft = ChangeDraft(ChangeKind.AGAIN, failed.id, action.id, sent.reuse_reason or "", tx.by)
        record_change(tx.session, action, draft, tx.now)
        tx.session.flush()
    return action

"""Builds this room's responses."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.access.calls import Call
from app.access.victims_area import area_shown
from app.access.vocabulary import COORDINATORS
from app.actions.api.presenters import action_out
from app.actions.api.scheme import without_scheme
from app.actions.list_repository import planned_actions_of_case
from app.actions.models import Action
from app.actions.repository import unfinished_actions_of_case
from app.enquiries.presenters import open_enquiries_out
from app.intake.case_reviews.review_prompts import CrossedCase, ReviewPrompt
from app.intake.schemas import CaseOut, CrossedCaseOut, GuardOut, LaterOut, OtherCaseOut, ReviewPromptOut
from app.meetings.lists.contact_bars import barred_contacts
from app.meetings.repositories.case_repository import discharges_of
from app.meetings.schemas import DischargeOut
from app.ownership.api.presenters import need_out
from app.ownership.repository import needs_of_case
from app.policies.registry import policy_by_sha256
from app.referrals.before_contact.service import notes_on_case
from app.referrals.models import Case
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import duties_of
from app.routing.policy.types import DutyKind


def case_out(call: Call, case: Case) -> CaseOut:
    """Presents the case, its needs, unfinished actions, open enquiries and discharges, as far as the caller may see."""
    with call.as_system() as system:  # a bar reaches whoever may read the case, though not the return that made it
        barred = barred_contacts(system, case.id)
    session = call.session
    return CaseOut(
        id=case.id,
        reference=case.reference,
        area=area_shown(call.caller, case.area),
        opened_at=case.opened_at,
        needs=[need_out(session, need, call.caller) for need in needs_of_case(session, case.id)],
        before_contact=notes_on_case(call, case),
        do_not_contact=barred,
        open_actions=[action_out(one, call.now, call.caller) for one in _unfinished_shown(call, case)],
        later=[_later_out(one) for one in without_scheme(call, planned_actions_of_case(session, case.id))],
        guards=_guards(session, case) if call.caller.role in COORDINATORS else [],
        open_enquiries=open_enquiries_out(session, case.id, call.caller),
        discharges=[DischargeOut.model_validate(row) for row in discharges_of(session, case.id)],
    )


def _later_out(action: Action) -> LaterOut:
    assert action.opens_on is not None  # noqa: S101 - a constraint of the table
    return LaterOut(
        action_id=action.id,
        duty=action.duty,
        what=action.what,
        owner_role=action.owner_role,
        opens_on=action.opens_on,
        due_on=action.due_on,
        due_at=action.due_at,
    )


def _guards(session: Session, case: Case) -> list[GuardOut]:
    """Returns the guards that the newest decision names: it is MARAC that they refuse."""
    decision = latest_decision_of(session, case.id)
    if decision is None:
        return []
    owed = set(duties_of(decision))
    named = (one for one in policy_by_sha256(session, decision.policy_sha256).duties if one.id in owed)
    return [GuardOut(duty=one.id, rule=one.do, holds_when=one.done_when) for one in named if one.kind is DutyKind.GUARD]


def _unfinished_shown(call: Call, case: Case) -> list[Action]:
    return without_scheme(call, unfinished_actions_of_case(call.session, case.id))


def review_prompt_out(prompt: ReviewPrompt, seen: Collection[str]) -> ReviewPromptOut:
    """Returns the case to review, what is the reason, and the URL that has it decided anew.

    Of the other cases it names those that the caller sees, and never where a victim is known besides.
    """
    case, action = prompt.case, prompt.action
    opened = [other for other in prompt.opened_since if other.id in seen]
    return ReviewPromptOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        decision_id=prompt.decision.id,
        decided_at=prompt.decision.decided_at,
        action_id=action.id,
        owner_agency=action.owner_agency,
        due_on=action.due_on,
        opened_since=[_other_case_out(other) for other in opened],
        reported_elsewhere=prompt.reported_elsewhere or len(opened) < len(prompt.opened_since),
        crossed_with=[_crossed_case_out(one, seen) for one in prompt.crossed if one.case.id in seen],
        decide=_decide(case),
    )


def _decide(case: Case) -> str:
    return f"/v1/cases/{case.id}/decisions"


def _crossed_case_out(crossed: CrossedCase, seen: Collection[str]) -> CrossedCaseOut:
    case, prompt = crossed.case, crossed.prompt
    opened = prompt.opened_since if prompt else ()
    return CrossedCaseOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        opened_at=case.opened_at,
        action_id=prompt.action.id if prompt else None,
        opened_since=[_other_case_out(other) for other in opened if other.id in seen],
        decide=_decide(case) if prompt else None,
    )


def _other_case_out(case: Case) -> OtherCaseOut:
    return OtherCaseOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        opened_at=case.opened_at,
        perpetrator_known=case.perpetrator_ref is not None,
    )

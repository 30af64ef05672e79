"""Builds the answer to whoever passed on a request for help.

Whoever works outside the hub and MARAC of the area learns what is owed for its own report and nothing of what was on
record: the answer is the same for people whom nobody knew and for people whose case this service has.
"""

from datetime import date

from app.access.calls import Call
from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.access.vocabulary import POSTS_OF_THE_AREA
from app.actions.models import Action
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.schemas import ContactOwed, HelpReceived
from app.intake.service import Routed
from app.policies.registry import policy_of_area
from app.routing.engine.due_dates import time_of_rule
from app.routing.policy.duty_ids import AGREE_CONTACT, CONTACT_WHO_ASKED_FOR_HELP
from app.routing.record.decision import Anchors
from app.vocabulary import Role

_ANSWERS_HELP = (CONTACT_WHO_ASKED_FOR_HELP, AGREE_CONTACT)


def help_received_out(call: Call, area: str, routed: Routed) -> HelpReceived:
    """Returns who holds the report and by when it is answered; to the hub and MARAC also what is owed in the case."""
    own_area = call.caller.role in POSTS_OF_THE_AREA
    return HelpReceived(
        referral_id=routed.referral.id,
        received_at=routed.referral.received_at,
        held_by_role=Role.PVP_HUB,
        held_by_agency=agency_in_post(call.session, area, Role.PVP_HUB),
        answered_by=_answered_by(call.tx, area),
        contact=_contact_owed(routed) if own_area else None,
    )


def _answered_by(tx: Transaction, area: str) -> date:
    """Returns the last day by which a duty of the area's policy reaches the victim, or has it agreed how."""
    calendar, anchors = calendar_of_area(tx.session, area), Anchors(tx.now, {})
    owed = (duty.due for duty in policy_of_area(tx.session, area, tx.now).duties if duty.id in _ANSWERS_HELP)
    due = (time_of_rule(rule, anchors, calendar) for rule in owed)
    return max(on or london_date(at or tx.now) for at, on in due)


def _contact_owed(routed: Routed) -> ContactOwed:
    """Returns who contacts the victim and by when, taken from the action that the decision set."""
    # Where contact could harm, somebody first agrees whether and how: the sender is told of that action instead.
    by_duty: dict[str | None, Action] = {one.duty: one for one in routed.actions}
    action = by_duty.get(CONTACT_WHO_ASKED_FOR_HELP) or by_duty.get(AGREE_CONTACT)
    return ContactOwed(
        case_id=routed.case.id,
        case_reference=routed.case.reference,
        action_id=action.id if action else None,
        by_role=action.owner_role if action else None,
        by_agency=action.owner_agency if action else None,
        due_on=action.due_on if action else None,
        due_at=action.due_at if action else None,
        deceased=routed.deceased,
    )

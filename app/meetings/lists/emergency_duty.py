"""Gives the chair the duty to decide on an emergency meeting (D07).

Source: DHR "Jean" 14.1.24: the event between referral and hearing ended as an e-mail.
"""

from app.access.repository import agency_in_post
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.actions.repository import open_duties_of_case
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.victims_cases import other_cases_of_victim
from app.meetings.models import Meeting
from app.meetings.parameters import deadline_of_duty
from app.referrals.models import Case
from app.routing.policy.duty_ids import EMERGENCY_MEETING
from app.vocabulary import Role


def assign_emergency_meeting_duty(tx: Transaction, case: Case, meeting: Meeting, because: str) -> None:
    """Assigns the decision to the chair, due when the area's policy says, also when the chair decided before.

    `because` is a sentence that says what changed. Of a victim whose cases wait for the same day it is asked once.
    """
    asked = open_duties_of_case(tx.session, case.id).get(EMERGENCY_MEETING, ())
    anew = f"Decide whether to hold an emergency meeting before {meeting.held_on.isoformat()}. {because}"
    coordinator = agency_in_post(tx.session, case.area, Role.MARAC_COORDINATOR)
    duty = Assignment(
        case_id=case.id,
        area=case.area,
        # In other words it would be another action, also where the open one stands in another case of the victim.
        what=asked[0].what if asked else anew,
        done_when="Yes or no with the chair's reason is recorded",
        owner_role=Role.MARAC_CHAIR,
        deadline=deadline_of_duty(tx.session, case.area, EMERGENCY_MEETING, meeting.held_on, tx.now),
        duty=EMERGENCY_MEETING,
        forums=(meeting.forum,),
        informed=(*case.agencies, coordinator or ""),
        once_in=other_cases_of_victim(tx.session, case.id, meeting.forum),
    )
    assign_duties(tx.session, [duty], tx.now)

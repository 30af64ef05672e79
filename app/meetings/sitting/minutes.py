"""The minutes of a meeting: the day they are due, the duty to send them, and the record that they were sent."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area, refuse_unknown_agency
from app.access.repository import agency_in_post
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.duty_completion import complete_duties
from app.meetings.duty_ids import minutes_duty
from app.meetings.models import Meeting
from app.meetings.parameters import whole_number
from app.meetings.record_models import Minutes
from app.meetings.repositories import agenda_repository, listing_repository
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.vocabulary import Role


def minutes_due_on(session: Session, meeting: Meeting, now: datetime) -> date:
    """Returns the day by which the minutes are sent: three working days in the baseline (Derbyshire protocol, 2013)."""
    working_days = whole_number(session, meeting.area, "minutes_working_days", now)
    # From the meeting's day, not from when the hearing was recorded.
    return calendar_of_area(session, meeting.area).add(meeting.held_on, working_days)


def start_minutes_clock(tx: Transaction, case: Case, meeting: Meeting) -> None:
    """Gives the co-ordinator the duty to send the minutes of the meeting: one action for all its cases."""
    on_list = listing_repository.listings_of_meeting(tx.session, meeting.id)
    duty = Assignment(
        case_id=case.id,
        area=case.area,
        what=f"Send the minutes and the plan of {meeting.forum} of {meeting.held_on.isoformat()}",
        done_when="Every agency that came or was asked has the minutes and its own actions",
        owner_role=Role.MARAC_COORDINATOR,
        deadline=Deadline(minutes_due_on(tx.session, meeting, tx.now), None),
        duty=minutes_duty(meeting.id),
        forums=(meeting.forum,),
        informed=(*case.agencies, agency_in_post(tx.session, case.area, Role.MARAC_CHAIR) or ""),
        once_in=tuple(row.case_id for row in on_list if row.case_id != case.id),
    )
    assign_duties(tx.session, [duty], tx.now)


def send_minutes(tx: Transaction, meeting: Meeting, sent_to: Collection[str]) -> Minutes:
    """Records that the minutes of the meeting were sent and ends the duty to send them, which no other meeting ends.

    Raises `Conflict` before the agenda is done, `Invalid` when an agency is not known.
    """
    if agenda_repository.completion_of(tx.session, meeting.id) is None:
        raise Conflict("complete the agenda first: minutes of an unfinished meeting would miss what is decided")
    for agency in sent_to:
        refuse_unknown_agency(tx.session, meeting.area, agency, "/sent_to")
    made = Minutes(
        id=new_id("min"),
        meeting_id=meeting.id,
        area=meeting.area,
        agencies=sorted(set(sent_to)),
        due_on=minutes_due_on(tx.session, meeting, tx.now),
        sent_by=tx.by,
        sent_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    done = f"The minutes of {meeting.held_on.isoformat()} went to {len(made.agencies)} agencies"
    for listing in listing_repository.listings_of_meeting(tx.session, meeting.id):
        complete_duties(tx, listing.case_id, (minutes_duty(meeting.id),), done)
    return made


def is_late(minutes: Minutes) -> bool:
    """Returns whether the minutes were sent after the day they were due."""
    return london_date(minutes.sent_at) > minutes.due_on

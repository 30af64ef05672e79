"""Records how each agency took part in a meeting: present, sent information, or neither.

Source: DHR "Jean" 14.1.25, 17.26: a practitioner was absent and sent nothing, and the minutes did not say so.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.access.directory import refuse_unknown_agency
from app.foundation.clock import london_date
from app.foundation.errors import Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.models import Meeting
from app.meetings.record_models import Attendance
from app.meetings.repositories import listing_repository, research_repository
from app.meetings.sitting.meeting_day import refuse_before_its_day
from app.meetings.sitting_schemas import AttendanceLine


def expected_agencies(session: Session, meeting: Meeting) -> set[str]:
    """Returns every agency that was invited, or asked for research, on a case of this list."""
    listed = {row.case_id for row in listing_repository.listings_of_meeting(session, meeting.id)}
    invited = research_repository.invitations_of(session, meeting.id)
    asked = research_repository.research_requests_of_meeting(session, meeting.id)
    named = [*((row.agency, row.case_id) for row in invited), *((row.agency, row.case_id) for row in asked)]
    return {agency for agency, case_id in named if agency is not None and case_id in listed}


def record_attendance(tx: Transaction, meeting: Meeting, lines: Collection[AttendanceLine]) -> None:
    """Records how each agency took part. A correction adds a row; the newest row of an agency counts.

    Raises `Conflict` before the meeting's day, `Invalid` when an agency is not known.
    """
    refuse_before_its_day(meeting, tx.now)
    for position, line in enumerate(lines):
        refuse_unknown_agency(tx.session, meeting.area, line.agency, f"/agencies/{position}/agency")
        if line.received_on is not None and line.received_on > london_date(tx.now):
            fault = RequestFault(f"/agencies/{position}/received_on", "in_the_future", "give the day it was received")
            raise Invalid("`received_on` lies in the future", faults=[fault])
        tx.session.add(_row(tx, meeting, line))
    tx.session.flush()


def _row(tx: Transaction, meeting: Meeting, line: AttendanceLine) -> Attendance:
    return Attendance(
        id=new_id("att"),
        meeting_id=meeting.id,
        area=meeting.area,
        agencies=[line.agency],
        agency=line.agency,
        how=line.how,
        note=line.note,
        statement_signed=line.statement_signed,
        received_on=line.received_on,
        recorded_by=tx.by,
        recorded_at=tx.now,
    )

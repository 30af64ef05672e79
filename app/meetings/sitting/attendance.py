"""Who took part in a meeting: present, sent information, or neither; and whether its minutes went out.

Source: DHR "Jean" 14.1.25, 17.26: a practitioner was absent and sent nothing, and the minutes did not say so.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_exists
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.meetings import agenda_repository, repository
from app.meetings.duties_done import report_done
from app.meetings.lists.hearings import MINUTES, minutes_due_on
from app.meetings.models import Meeting
from app.meetings.record_models import Attendance, Minutes
from app.meetings.research_schemas import AttendanceKind, AttendanceLine, AttendanceOut


def expected_at(session: Session, meeting: Meeting) -> set[str]:
    """Every agency that was invited or asked for research on a case of this list."""
    listed = {listing.case_id for listing in repository.listings_of_meeting(session, meeting.id)}
    invited = [(row.agency, row.case_id) for row in agenda_repository.invitations_of(session, meeting.id)]
    asked = [(row.agency, row.case_id) for row in agenda_repository.research_of_meeting(session, meeting.id)]
    return {agency for agency, case_id in (*invited, *asked) if agency is not None and case_id in listed}


def record_attendance(
    session: Session, caller: Caller, meeting: Meeting, lines: Collection[AttendanceLine], now: datetime
) -> None:
    """How each agency took part is on record; a correction adds to the earlier record."""
    if meeting.held_on > london_date(now):
        raise Conflict("that meeting has not been held yet")
    for position, line in enumerate(lines):
        if not agency_exists(session, line.agency):
            fault = RequestFault(f"/agencies/{position}/agency", "unknown", "not an agency of this service")
            raise Invalid("`agency` is not an agency of this service", faults=[fault])
        session.add(
            Attendance(
                id=new_id("att"),
                meeting_id=meeting.id,
                area=meeting.area,
                agencies=[line.agency],
                agency=line.agency,
                how=line.how,
                note=line.note,
                recorded_by=caller.answerable,
                recorded_at=now,
            )
        )
        session.flush()


def show_attendance(session: Session, meeting: Meeting) -> list[AttendanceOut]:
    """Everyone expected and everyone recorded, by name; nobody's silence is read as anything."""
    recorded = agenda_repository.attendance_of(session, meeting.id)
    names = sorted(expected_at(session, meeting) | set(recorded))
    return [_line(name, recorded.get(name)) for name in names]


def _line(agency: str, row: Attendance | None) -> AttendanceOut:
    return AttendanceOut(
        agency=agency,
        how=AttendanceKind(row.how) if row else None,
        note=row.note if row else None,
        recorded_by=row.recorded_by if row else None,
    )


def send_minutes(
    session: Session, caller: Caller, meeting: Meeting, sent_to: Collection[str], now: datetime
) -> Minutes:
    """That the minutes went out is on record, and the clock of every case heard there has stopped."""
    if agenda_repository.completion_of(session, meeting.id) is None:
        raise Conflict(
            "complete the agenda first: minutes of an unfinished meeting would miss what is decided"
        )
    unknown = [agency for agency in sent_to if not agency_exists(session, agency)]
    if unknown:
        fault = RequestFault("/sent_to", "unknown", "not an agency of this service")
        raise Invalid("`sent_to` names somebody who is not an agency of this service", faults=[fault])
    made = Minutes(
        id=new_id("min"),
        meeting_id=meeting.id,
        area=meeting.area,
        agencies=sorted(set(sent_to)),
        due_on=minutes_due_on(session, meeting, now),
        sent_by=caller.answerable,
        sent_at=now,
    )
    session.add(made)
    session.flush()
    for listing in repository.listings_of_meeting(session, meeting.id):
        done = f"The minutes of {meeting.held_on.isoformat()} went to {len(made.agencies)} agencies"
        report_done(session, caller, listing.case_id, (MINUTES,), done, now)
    return made


def is_late(minutes: Minutes) -> bool:
    """Whether they went out after the day they were due."""
    return london_date(minutes.sent_at) > minutes.due_on

"""The attendance of a meeting as a response."""

from sqlalchemy.orm import Session

from app.meetings.models import Meeting
from app.meetings.record_models import Attendance
from app.meetings.repositories import agenda_repository
from app.meetings.sitting.attendance import expected_agencies
from app.meetings.sitting_schemas import AttendanceOut


def attendance_out(session: Session, meeting: Meeting) -> list[AttendanceOut]:
    """Returns every agency expected or recorded, by name. An agency without a record has `how` null, never a guess."""
    recorded = agenda_repository.attendance_of(session, meeting.id)
    names = sorted(expected_agencies(session, meeting) | set(recorded))
    return [_agency_out(name, recorded.get(name)) for name in names]


def _agency_out(agency: str, row: Attendance | None) -> AttendanceOut:
    return AttendanceOut(
        agency=agency,
        how=row.how if row else None,
        note=row.note if row else None,
        statement_signed=row.statement_signed if row else None,
        received_on=row.received_on if row else None,
        recorded_by=row.recorded_by if row else None,
    )

"""The event of a reminder and the agencies it goes to, decided when it fires: posts may have changed hands by then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.outbox.service import URGENT, EventDraft
from app.reminders.ladder import OWNER
from app.reminders.models import ReminderTimer
from app.vocabulary import EventType, Role

OWNERS_SIDE = {OWNER, Role.LINE_MANAGER}
LOWEST_PRIORITY, LEAST_URGENT_ESCALATION = 6, 2


@dataclass(frozen=True, slots=True)
class PostDirectory:
    """Which agency fills which post, read once in a sweep."""

    session: Session
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def agency(self, area: str, role: str) -> str | None:
        if (area, role) not in self._known:
            self._known[area, role] = agency_in_post(self.session, area, role)
        return self._known[area, role]


def reminder_event(timer: ReminderTimer, merged: Sequence[int], directory: PostDirectory, now: datetime) -> EventDraft:
    """Returns the event of one rung, which stands for the rungs merged into it too. Ids, roles and times only."""
    return EventDraft(
        type=EventType.REMINDER_DUE,
        subject_type=timer.subject_type,
        subject_id=timer.subject_id,
        area=timer.area,
        agencies=agencies_reached(timer, directory),
        case_id=timer.case_id,
        owner_agency=timer.owner_agency,
        details={
            "due": timer.due_on or timer.due_at,
            "due_version": timer.due_version,
            "late_by_seconds": int((now - timer.fire_at).total_seconds()),
            "life_safety": timer.life_safety,
            "merged_rungs": ",".join(map(str, merged)) or None,
            "owner_role": timer.owner_role,
            # In every copy: an answer of 2xx means received, and only a person ends the ladder.
            "receipt_is_review": False,
            "rung": timer.rung,
            "tells": ",".join(timer.tells),
        },
        # The same rung cannot be told twice, even if two sweeps should ever fire it.
        dedupe_key=f"reminder:{timer.subject_id}:{timer.due_version}:{timer.rung}",
        priority=priority_of(timer.rung, life_safety=timer.life_safety),
    )


def agencies_reached(timer: ReminderTimer, directory: PostDirectory) -> list[str]:
    """Returns the agencies that a rung goes to. For a post that nobody fills, the area's co-ordinator stands in.

    A line manager is the owner's own agency's: the directory may name another agency for that post.
    """
    coordinator = directory.agency(timer.area, Role.MARAC_COORDINATOR)
    reached = {
        (timer.owner_agency if role in OWNERS_SIDE else directory.agency(timer.area, role)) or coordinator
        for role in timer.tells
    }
    if timer.owner_agency is None:
        reached.add(coordinator)
    return sorted(agency for agency in reached if agency)


def priority_of(rung: int, *, life_safety: bool) -> int:
    """Returns the priority of the event; a smaller number is sent first.

    Life-safety comes first, then the higher rungs.
    """
    return URGENT if life_safety else max(LEAST_URGENT_ESCALATION, LOWEST_PRIORITY - max(rung, 1))

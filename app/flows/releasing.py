"""Releases what is owed and not yet released: the worker looks at whom each event concerns, and in turn at everybody.

All of it is owed by state, so a worker that is killed loses nothing: the next one finds the same owed and not there.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area, nation_of_area
from app.flows import repository
from app.flows.catalogue import flows
from app.flows.models import FlowRelease
from app.flows.owing.owed import OwedRelease, owed
from app.flows.reading.state_reader import read_state
from app.flows.state import PerpetratorState
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn_if_free
from app.outbox.service import NORMAL, URGENT, EventDraft, record_event
from app.people.service import refs_of_same_person
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.vocabulary import EventType, Role, SubjectType

_log = logging.getLogger(__name__)
EVENTS_AT_A_TIME, CASES_AT_A_TIME = 200, 50


def release_what_is_owed(session: Session, now: datetime) -> int:
    """Looks at whom the next events concern, releases what they are owed, and returns how many events there were."""
    if not take_turn_if_free(session, "flows"):
        return 0
    position, round_at = repository.position_read(session)
    happened = repository.happened_after(session, position, EVENTS_AT_A_TIME)
    if not happened:
        return 0
    release_about_cases(session, {case_id for _, case_id in happened if case_id}, now)
    repository.note_position(session, happened[-1][0], round_at)
    return len(happened)


def release_in_turn(session: Session, now: datetime) -> int:
    """Looks at the next open cases of a round that never ends, and returns how many there were.

    It finds what no event tells of: a post that was filled, a licence whose first day has come, a fault that is mended.
    """
    if not take_turn_if_free(session, "flows"):
        return 0
    position, round_at = repository.position_read(session)
    cases = repository.next_cases(session, round_at, CASES_AT_A_TIME)
    release_about_cases(session, cases, now)
    repository.note_position(session, position, cases[-1] if cases else "")
    return len(cases)


def release_about_cases(session: Session, case_ids: Iterable[str], now: datetime) -> None:
    """Releases what is owed about the perpetrators of these cases, and of the other cases of their victims."""
    looked_at: set[str] = set()
    for perpetrator in repository.perpetrators_concerned(session, sorted(case_ids)):
        if perpetrator not in looked_at:
            looked_at |= refs_of_same_person(session, perpetrator)
            _release_or_log(session, perpetrator, now)


def _release_or_log(session: Session, perpetrator: str, now: datetime) -> None:
    """Releases what is owed about one perpetrator. One record that cannot be read holds up nobody else's."""
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with session.begin_nested():
            release_about(session, perpetrator, now)
    except Exception:  # noqa: BLE001 - the round of everybody comes back to it
        _log.exception("what is owed about a perpetrator could not be released")


def release_about(session: Session, perpetrator: str, now: datetime) -> list[FlowRelease]:
    """Releases what is owed about the perpetrator with this pseudonym and not yet released."""
    state = read_state(session, perpetrator, now)
    made = (store_release(session, state, one, now) for one in owed(state))
    return [one for one in made if one is not None]


def state_around(session: Session, case_id: str, now: datetime) -> PerpetratorState:
    """Returns what is on record of the perpetrator of this case, whom it names."""
    perpetrator = repository.perpetrator_of(session, case_id)
    assert perpetrator is not None  # noqa: S101 - nothing is released about somebody whom nobody has identified
    return read_state(session, perpetrator, now)


def store_release(
    session: Session, state: PerpetratorState, one: OwedRelease, now: datetime, person: str | None = None
) -> FlowRelease | None:
    """Stores one release with its event and its reminders; None when it was made before.

    `person` releases it, and their agency reads who received it; otherwise the hub that holds the fact does.
    """
    due = flows()[one.flow].clock.deadline(now, calendar_of_area(session, one.reader.area), danger=one.danger)
    row = _row(state, one, due, now)
    if person is not None:
        row |= {"released_by": person, "holder_agency": person.partition("/")[0]}
    release = repository.insert_release(session, row)
    if release is not None:
        tell_receiver(session, release, due, now)
    return release


def _row(state: PerpetratorState, one: OwedRelease, due: Deadline, now: datetime) -> dict[str, object]:
    return {
        "id": new_id("rel"),
        "flow": one.flow,
        "fact": one.fact,
        "case_id": one.case_id,
        "holder_agency": state.posts.get((state.case(one.case_id).area, Role.PVP_HUB)),
        "agency": one.reader.agency,
        "role": one.reader.role,
        "area": one.reader.area,
        "to_case_id": one.to_case_id,
        "side": one.side,
        "form": one.form,
        "content": one.content,
        "danger": one.danger,
        "owed_at": now,
        "due_on": due.on,
        "due_at": due.at,
        "released_at": now,
    }


def tell_receiver(session: Session, release: FlowRelease, due: Deadline, now: datetime) -> None:
    """Records the event and the reminders. Both name the receiver's own area and case, and nothing of the fact's."""
    event = EventDraft(
        type=EventType.RELEASE_MADE,
        subject_type=SubjectType.RELEASE,
        subject_id=release.id,
        area=release.area,
        agencies=(release.agency,),
        owner_agency=release.agency,
        details={"flow": release.flow, "danger": release.danger, "due": due.on or due.at},
        priority=URGENT if release.danger else NORMAL,
        asked_roles=(release.role,),
    )
    record_event(session, event, now)
    subject = ReminderSubject(
        SubjectType.RELEASE,
        release.id,
        None,
        release.area,
        nation_of_area(session, release.area),
        release.agency,
        release.role,
    )
    set_ladder(session, subject, due, 1, now)

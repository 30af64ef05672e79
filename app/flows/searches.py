"""Tells whoever holds a person's case that somebody of another area searched for that person, and who it was.

It comes later and by the worker: the answer to a search tells its sender nothing of it. Once a day for each case and
agency that searches. Source: design note on access, 6: the asker cannot probe, and the holder is told who asked.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.flows import repository
from app.flows.catalogue import flows
from app.flows.receiving import WHO_LOOKED
from app.flows.releasing import tell_receiver
from app.flows.vocabulary import FlowSide, ReleaseForm
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.people.models import PersonSearch
from app.people.repository import identifier_holders, searches_to_tell
from app.people.service import refs_of_same_persons
from app.referrals.models import Case
from app.vocabulary import Role

SEARCHES_AT_A_TIME = 50
_INFORMED = (Role.PVP_HUB, Role.MARAC_COORDINATOR)


def tell_of_searches(session: Session, now: datetime) -> int:
    """Tells the holders of whom the next searches were for, and returns how many searches there were."""
    searches = searches_to_tell(session, SEARCHES_AT_A_TIME)
    for search in searches:
        for case in _held_elsewhere(session, search):
            for role in _INFORMED:
                _release(session, search, case, role, now)
        search.informed_at = now
    session.flush()
    return len(searches)


def _held_elsewhere(session: Session, search: PersonSearch) -> list[Case]:
    """Returns the latest case of each area in which the searcher does not work."""
    held = [row.ref for row in identifier_holders(session, search.digests)]
    refs = refs_of_same_persons(session, [*held, *([search.ref] if search.ref else [])])
    by_area = {case.area: case for case in repository.cases_naming(session, refs)}
    return [case for area, case in sorted(by_area.items()) if area not in search.areas]


def _release(session: Session, search: PersonSearch, case: Case, role: Role, now: datetime) -> None:
    agency = agency_in_post(session, case.area, role)
    if agency is None or agency == search.agency:
        return
    day = london_date(search.searched_at).isoformat()
    due = flows()[WHO_LOOKED].clock.deadline(now, calendar_of_area(session, case.area), danger=False)
    release = repository.insert_release(
        session,
        {
            "id": new_id("rel"),
            "flow": WHO_LOOKED,
            "fact": f"{case.id}:{search.agency}:{day}",
            "case_id": case.id,
            # The searcher reads nothing of it, so the release names no holder.
            "holder_agency": None,
            "agency": agency,
            "role": role,
            "area": case.area,
            "to_case_id": case.id,
            "side": FlowSide.BOTH,
            "form": ReleaseForm.FULL,
            "content": {"by": search.agency, "purpose": search.purpose, "day": day},
            "danger": False,
            "owed_at": search.searched_at,
            "due_on": due.on,
            "due_at": due.at,
            "released_at": now,
        },
    )
    if release is not None:
        tell_receiver(session, release, due, now)

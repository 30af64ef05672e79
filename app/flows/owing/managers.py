"""Finds who manages a perpetrator, from any of their cases in any area. Pure.

The receiver is whoever supervises this person, and never the post of the area that happens to report
(DHR "Jean" 14.3.15: the wrong service was told).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.flows.state import CaseOnRecord, PerpetratorState, SupervisionOnRecord
from app.vocabulary import Role

SUPERVISING = frozenset(
    {
        Role.SUPERVISING_PRACTITIONER,
        Role.SENIOR_PROBATION,
        Role.YOUTH_JUSTICE,
        Role.MENTAL_HEALTH,
        Role.PRISON_OMU,
        Role.MAPPA_COORDINATOR,
    }
)
"""The posts that work with a perpetrator by statute."""


@dataclass(frozen=True, slots=True)
class Manager:
    """A post of an agency that manages the perpetrator, and the cases whose own record names it.

    Such a case tells it by its own duties; what is on record elsewhere reaches it by a flow.
    """

    agency: str
    role: Role
    area: str
    case_ids: frozenset[str]


def managers_of(state: PerpetratorState) -> list[Manager]:
    """Returns each service with a running licence, order or level, and each owner, once."""
    found: dict[tuple[str, Role], Manager] = {}
    for one in (*_services(state), *_owners(state)):
        known = found.get((one.agency, one.role))
        found[one.agency, one.role] = replace(known, case_ids=known.case_ids | one.case_ids) if known else one
    return list(found.values())


def unnamed_supervisions(state: PerpetratorState) -> list[SupervisionOnRecord]:
    """Returns the licences, orders and levels of which nobody says whose they are, or names who supervises nobody."""
    return [one for one in state.supervisions if one.agency is None or not _supervises(state, one.agency)]


def _services(state: PerpetratorState) -> Iterator[Manager]:
    for one in state.supervisions:
        if one.agency is not None and _supervises(state, one.agency):
            area = one.area or _area_of_work(state, one.agency, one.role) or _first_case(state, one.case_ids).area
            yield Manager(one.agency, one.role, area, one.case_ids)


def _supervises(state: PerpetratorState, agency: str) -> bool:
    """Returns whether the agency fills a post of supervision anywhere.

    Any sender may name a service. One that names itself, or a friend, would else be told of reports in every area.
    """
    return any(filled_by == agency and post in SUPERVISING for (_, post), filled_by in state.posts.items())


def _owners(state: PerpetratorState) -> Iterator[Manager]:
    return (Manager(one.agency, one.role, one.area, one.case_ids) for one in state.owners)


def _area_of_work(state: PerpetratorState, agency: str, role: Role) -> str | None:
    areas = sorted(area for (area, post), filled_by in state.posts.items() if post == role and filled_by == agency)
    return areas[0] if areas else None


def _first_case(state: PerpetratorState, case_ids: frozenset[str]) -> CaseOnRecord:
    return min((one for one in state.cases if one.id in case_ids), key=lambda one: (one.opened_at, one.id))

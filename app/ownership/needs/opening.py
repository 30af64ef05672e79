"""Opens both needs of a case, each with an accepted owner from its first instant (I0).

Asks first whether the person died.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.ownership import repository
from app.ownership.models import Need
from app.ownership.ownership_periods import NeedSubject, NewOwner, open_need
from app.people.service import first_ref_of, refs_of_same_person
from app.referrals.models import Case
from app.vocabulary import EndReason, Forum, NeedKind, Role

BY_INTAKE = "intake"  # who accepted an ownership that began with the referral itself


@dataclass(frozen=True, slots=True)
class CaseNeeds:
    """The needs of a case at a report. `deceased` holds, for a person who died, the need that records the death."""

    opened: Mapping[NeedKind, Need]
    deceased: Mapping[NeedKind, Need]

    def shown(self) -> tuple[Need, ...]:
        """Returns the open needs, and those that ended by the death of their person."""
        return (*self.opened.values(), *(need for kind, need in self.deceased.items() if need.kind == kind))


def open_needs(session: Session, case: Case, referring_agency: str, now: datetime) -> CaseNeeds:
    """Opens both needs or finds them open; needs that other cases opened are shared and keep their owners.

    The referring agency owns new victim safety, the police hub a new perpetrator need. A perpetrator whom nobody has
    identified is a subject of this case alone. The need of a person who died stays ended, whatever is reported later. A
    need that ended for another reason opens again: a report is a new risk.
    """
    # Where no agency fills the hub's post, somebody must own the need from its first instant all the same.
    hub = agency_in_post(session, case.area, Role.PVP_HUB) or referring_agency
    owners = {
        NeedKind.VICTIM_SAFETY: NewOwner(Forum.REFERRING_AGENCY, Role.REFERRER, referring_agency, BY_INTAKE),
        NeedKind.PERPETRATOR: NewOwner(Forum.HUB, Role.PVP_HUB, hub, BY_INTAKE),
    }
    opened: dict[NeedKind, Need] = {}
    deceased: dict[NeedKind, Need] = {}
    for kind, owner in owners.items():
        subject = _subject(session, case, kind)
        died = repository.need_ended_by_death(session, refs_of_same_person(session, subject.ref))
        if died is None:
            opened[kind] = open_need(session, subject, [case], owner, now)
        else:
            deceased[kind] = died
            _show_with_case(session, case, kind, died)
    return CaseNeeds(opened, deceased)


def needs_in_place(session: Session, case: Case) -> CaseNeeds:
    """Returns the needs of the two people that a report of this case would find: those open, and those ended by death.

    Nothing is opened. The case need not be stored.
    """
    opened: dict[NeedKind, Need] = {}
    deceased: dict[NeedKind, Need] = {}
    for kind in (NeedKind.VICTIM_SAFETY, NeedKind.PERPETRATOR):
        subject = _subject(session, case, kind)
        died = repository.need_ended_by_death(session, refs_of_same_person(session, subject.ref))
        newest = repository.newest_need(session, kind, subject.ref, subject.area)
        if died is not None:
            deceased[kind] = died
        elif newest is not None and newest.ended_at is None:
            opened[kind] = newest
    return CaseNeeds(opened, deceased)


def _show_with_case(session: Session, case: Case, kind: NeedKind, died: Need) -> None:
    if died.kind == kind:
        repository.link_need_to_case(session, case.id, died.id)


def unidentified(case: Case) -> str:
    """Returns the subject of the need about a perpetrator whom nobody has identified: the case alone knows them."""
    return f"unknown:{case.id}"


def _subject(session: Session, case: Case, kind: NeedKind) -> NeedSubject:
    """Returns who the need is about. After an end as a duplicate it is the subject of the need that was repeated."""
    of_kind = case.victim_ref if kind is NeedKind.VICTIM_SAFETY else case.perpetrator_ref
    ref = first_ref_of(session, of_kind) if of_kind else unidentified(case)
    area = case.area
    newest = repository.newest_need(session, kind, ref, area)
    # Each step goes to a need that was open when the one before it ended, so the steps come to an end.
    while newest is not None and newest.end_reason == EndReason.DUPLICATE_OF:
        ending = repository.ending_of_need(session, newest.id)
        repeated = repository.need_by_id(session, ending.duplicate_of or "") if ending else None
        ref, area = (repeated.subject_ref, repeated.area) if repeated else (ref, area)
        newest = repository.newest_need(session, kind, ref, area) if repeated else None
    return NeedSubject(kind, ref, area)

"""Reads what is on record of one perpetrator, over all pseudonyms and cases in all areas.

What is owed follows from it. Call it in a scope that sees every row: it reads cases that no single
caller may read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.flows import repository
from app.flows.reading.conduct_reader import conduct_on_record
from app.flows.reading.order_reader import orders_on_record
from app.flows.reading.report_reader import reports_on_record
from app.flows.reading.stored_facts import StoredFacts, gather_stored_facts
from app.flows.reading.supervision_reader import supervisions_on_record
from app.flows.state import CaseOnRecord, OtherPerpetrator, OwnerOnRecord, PerpetratorState
from app.meetings.marac_processes import marac_hearings
from app.meetings.repositories.listing_repository import listing_ahead
from app.ownership.models import Need, Ownership
from app.people.service import refs_of_same_person, refs_of_same_persons
from app.referrals.models import Case
from app.referrals.repositories.case_repository import cases_of_victim
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import answer_of
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import Forum

_MANAGING = frozenset(
    {
        Forum.MATAC,
        Forum.MAPPA_L3,
        Forum.MAPPA_L2,
        Forum.MAPPA_L1_LEAD_AGENCY,
        Forum.SUPERVISING_SERVICE,
        Forum.IOM,
        Forum.DAPP,
        Forum.PDP,
        Forum.YOUTH_JUSTICE,
        Forum.PRISON_OMU,
    }
)
_APART = ("EX_SPOUSE", "EX_CIVIL_PARTNER", "EX_INTIMATE_PARTNER")
OwnedNeeds = Sequence[tuple[str, Need, Ownership]]


def read_state(session: Session, perpetrator: str, now: datetime) -> PerpetratorState:
    """Returns all that is on record of the perpetrator with this pseudonym."""
    facts = gather_stored_facts(session, perpetrator, now)
    owned = repository.open_needs_about(session, facts.case_ids)
    owners = _owners(owned)
    supervisions = supervisions_on_record(session, facts)
    cut = _cut(session, facts)
    areas = {one.area for one in facts.cases} | {one.area for one in owners}
    areas |= {one.area for one in supervisions if one.area}
    agencies = {one.agency for one in supervisions if one.agency}
    return PerpetratorState(
        cases=tuple(_case(session, facts, one, cut, _forums(owned)) for one in facts.cases),
        reports=tuple(reports_on_record(session, facts, cut, _apart_since(facts))),
        supervisions=tuple(supervisions),
        orders=tuple(orders_on_record(session, facts)),
        conduct=tuple(conduct_on_record(facts)),
        owners=tuple(owners),
        others=tuple(_others(session, facts)),
        posts=repository.posts_of(session, areas, agencies),
    )


def _case(session: Session, facts: StoredFacts, case: Case, cut: set[str], forums: Mapping[str, Forum]) -> CaseOnRecord:
    heard = marac_hearings(session, case.id, facts.now)
    return CaseOnRecord(
        id=case.id,
        area=case.area,
        victim=facts.victims[case.victim_ref],
        opened_at=case.opened_at,
        is_open=case.id in forums,
        is_cut=case.id in cut,
        stage=_stage(session, case, is_heard=bool(heard)),
        heard_in=f"{heard[-1]:%Y-%m}" if heard else None,
        lead=forums.get(case.id),
    )


def _stage(session: Session, case: Case, *, is_heard: bool) -> MaracStage:
    if listing_ahead(session, case.id, Forum.MARAC) is not None:
        return MaracStage.LISTED
    if is_heard:
        return MaracStage.HEARD
    decision = latest_decision_of(session, case.id)
    asked = decision is not None and answer_of(decision, "marac") == "yes"
    return MaracStage.REFERRED if asked else MaracStage.NOT_REFERRED


def _forums(owned: OwnedNeeds) -> dict[str, Forum]:
    return {case_id: owner.forum for case_id, _, owner in owned}


def _owners(owned: OwnedNeeds) -> list[OwnerOnRecord]:
    """Returns who manages the perpetrator by their own acceptance; the hub that only holds the need is none of them."""
    managing = {need.id: (need, owner) for _, need, owner in owned if owner.forum in _MANAGING}
    return [
        OwnerOnRecord(
            owner.forum,
            owner.role,
            owner.agency,
            owner.area,
            frozenset(case for case, one, _ in owned if one.id == need.id),
        )
        for need, owner in managing.values()
    ]


def _cut(session: Session, facts: StoredFacts) -> set[str]:
    """Returns the cases of which no place passes: every case of a victim of whom any case says so.

    The area to which the victim moved opens its own case, and need not know or say why they came. So one whom two areas
    know is taken to have moved.
    """
    moved = repository.cases_that_moved(session, facts.case_ids)
    hidden = {facts.victims[one.victim_ref] for one in facts.cases if one.id in moved or _is_apart(facts, one)}
    known_in = {(facts.victims[one.victim_ref], one.area) for one in facts.cases}
    hidden |= {victim for victim, times in Counter(victim for victim, _ in known_in).items() if times > 1}
    return {one.id for one in facts.cases if facts.victims[one.victim_ref] in hidden}


def _is_apart(facts: StoredFacts, case: Case) -> bool:
    """Returns whether anybody says that the two live apart or that the place is kept from the perpetrator.

    One word is enough: a place that was told cannot be taken back.
    """
    return any(_says_apart(one.document) for one in facts.statements_of(case.id))


def _says_apart(document: Mapping[str, object]) -> bool:
    victim, assessment = (document.get(name) or {} for name in ("victim", "assessment"))
    if not isinstance(victim, Mapping) or not isinstance(assessment, Mapping):
        return False
    apart = document.get("separated_on") is not None or document.get("relationship") in _APART
    kept = victim.get("address_known_to_perpetrator") is False or victim.get("moved_area") is True
    return apart or kept or assessment.get("separation") is True


def _apart_since(facts: StoredFacts) -> dict[str, date]:
    """Returns the earliest day of separation that anybody states in a case."""
    stated = [(facts.case_of[one.referral], one.document.get("separated_on")) for one in facts.statements]
    days: dict[str, date] = {}
    for case_id, day in stated:
        if day is not None:
            on = date.fromisoformat(str(day))
            days[case_id] = min(on, days.get(case_id, on))
    return days


def _others(session: Session, facts: StoredFacts) -> Iterator[OtherPerpetrator]:
    """Yields each later case of a victim in which somebody else is the perpetrator."""
    own = {one.perpetrator_ref for one in facts.cases}
    same = refs_of_same_persons(session, {one for one in own if one})
    for case in facts.cases:
        victim = refs_of_same_person(session, case.victim_ref)
        for other in cases_of_victim(session, victim):
            if other.perpetrator_ref not in {None, *same} and other.opened_at > case.opened_at:
                yield OtherPerpetrator(case.id, other.id, other.area, other.opened_at)

"""Reads why a case should be looked at again: what was reported of its two people, or of the victim, in other cases."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.ownership.models import Need
from app.ownership.repository import cases_of_need, open_needs_of_case
from app.people.service import refs_of_same_person
from app.referrals.crossed_roles_repository import crossed_cases, is_crossed_since
from app.referrals.models import Case
from app.referrals.repositories.case_repository import cases_by_ids, cases_of_pair, cases_of_victim
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.repositories.report_repository import newest_word_at
from app.referrals.stored_records import known_facts
from app.vocabulary import NeedKind


def is_reported_elsewhere_since(session: Session, case: Case, instant: datetime) -> bool:
    """Returns whether another area has had a report of the same two people, or learned more, after the instant."""
    return any(newest_word_at(session, other.id) > instant for other in cases_in_other_areas(session, case))


def cases_in_other_areas(session: Session, case: Case) -> list[Case]:
    """Returns the cases that other areas have of the same two people, under any pseudonym."""
    if case.perpetrator_ref is None:
        return []
    return [other for other in cases_of_pair(session, case) if other.area != case.area]


def case_to_look_at(session: Session, case: Case, need: Need) -> Case:
    """Returns in which case the owner of the need is asked to look: one of the need's own area, if there still is one.

    The action shows its area, and whoever manages the perpetrator reads nowhere that the victim has moved.
    """
    if case.area == need.area:
        return case
    served = cases_by_ids(session, cases_of_need(session, need.id))
    own = [one for one in served if one.area == need.area]
    return min(own, key=lambda one: (one.opened_at, one.id), default=case)


def is_unaware_of_crossed_roles(session: Session, case: Case) -> bool:
    """Returns whether crossed roles were reported after the newest decision on the case, which does not show them."""
    decision = latest_decision_of(session, case.id)
    # The decision's own fact says what it knew: a decision that counted the crossed report needs no prompt.
    if decision is None or known_facts(decision).get("roles_reversed") is True:
        return False
    opened_since = any(other.opened_at > decision.decided_at for other in crossed_cases(session, case))
    return opened_since or is_crossed_since(session, case, decision.decided_at)


def cases_beside_others(session: Session, case: Case) -> list[Case]:
    """Returns the victim's cases under any pseudonym, except those with the same perpetrator.

    Two unknown perpetrators do not count as the same one.
    """
    cases = cases_of_victim(session, refs_of_same_person(session, case.victim_ref))
    perpetrator = case.perpetrator_ref
    same = refs_of_same_person(session, perpetrator) if perpetrator else frozenset[str]()
    return [other for other in cases if other.id != case.id and other.perpetrator_ref not in same]


def open_need_of_kind(session: Session, case: Case, kind: NeedKind) -> Need | None:
    """Returns the open need of the case of this kind; None: it has ended."""
    return next((need for need in open_needs_of_case(session, case.id) if need.kind == kind), None)

"""The queries of decisions, and of the decisions that a link of two persons reaches."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, not_, or_, select, true
from sqlalchemy.orm import Session

from app.people.service import refs_of_same_persons
from app.referrals.crossed_roles_repository import harmed_by
from app.referrals.models import (
    Case,
    Decision,
    Incident,
)


def decisions_seen(session: Session, decision_ids: Collection[str]) -> Sequence[str]:
    """Returns those of these decisions that the row scope shows, in the order in which they were made."""
    query = select(Decision.id).where(Decision.id.in_(decision_ids))
    return session.scalars(query.order_by(Decision.decided_at, Decision.id)).all()


def decisions_across_link(session: Session, one: frozenset[str], other: frozenset[str]) -> Sequence[str]:
    """Returns the latest decision of each case whose counts differ when the two persons of a link are one person.

    Such a case is about one of them, and the other has incidents in the same role; or it is about a perpetrator who
    harmed both, and so counts one victim or two.
    """
    of_one_side = [clause for sides in ((one, other), (other, one)) for clause in _cases_of(session, *sides)]
    harmed_both = _perpetrators_of(session, one) & _perpetrators_of(session, other)
    cases = select(Case.id).where(or_(*of_one_side, Case.perpetrator_ref.in_(harmed_both)))
    latest = select(func.max(Decision.number)).where(Decision.case_id.in_(cases)).group_by(Decision.case_id)
    return session.scalars(select(Decision.id).where(Decision.number.in_(latest)).order_by(Decision.number)).all()


def cases_decided_by(session: Session, decisions: Sequence[str]) -> Sequence[Case]:
    """Returns the cases that these decisions are about."""
    about = select(Decision.case_id).where(Decision.id.in_(decisions))
    return session.scalars(select(Case).where(Case.id.in_(about)).order_by(Case.opened_at, Case.id)).all()


def _cases_of(session: Session, side: frozenset[str], other: frozenset[str]) -> list[ColumnElement[bool]]:
    """Selects the cases about one side, for each role in which the other side has an incident."""
    roles = ((Case.victim_ref, Incident.victim_ref.in_(other)), (Case.perpetrator_ref, harmed_by(other)))
    return [
        of_case.in_(side)
        for of_case, has_incident in roles
        if session.scalar(select(Incident.id).where(has_incident).limit(1)) is not None
    ]


def _perpetrators_of(session: Session, victims: frozenset[str]) -> frozenset[str]:
    """Returns every pseudonym of every perpetrator of an incident against one of these victims."""
    harmed = (
        select(func.coalesce(Incident.perpetrator_ref, Case.perpetrator_ref))
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.victim_ref.in_(victims))
    )
    refs = session.scalars(harmed.distinct())
    return refs_of_same_persons(session, {ref for ref in refs if ref})


def decisions_of_referral(session: Session, referral_id: str) -> Sequence[Decision]:
    return session.scalars(select(Decision).where(Decision.referral_id == referral_id).order_by(Decision.number)).all()


def decision_by_id(session: Session, decision_id: str) -> Decision | None:
    return session.scalar(select(Decision).where(Decision.id == decision_id))


def count_decisions_of(session: Session, case_id: str) -> int:
    return session.scalar(select(func.count()).where(Decision.case_id == case_id)) or 0


def latest_decision_of(session: Session, case_id: str) -> Decision | None:
    # By number and not by time: the clocks of several servers differ, and decisions on one case wait for each other.
    return session.scalar(select(Decision).where(Decision.case_id == case_id).order_by(Decision.number.desc()).limit(1))


def last_marac_referral_at(session: Session, case_id: str) -> datetime | None:
    """Returns when this case was last referred to MARAC; a new decision on the same referral does not move it."""
    return session.scalar(select(func.max(Decision.marac_referred_at)).where(Decision.case_id == case_id))


def first_decision_without_marac(session: Session, case_id: str, since: datetime) -> datetime | None:
    """Returns when the case was first decided, from an instant on, without MARAC being asked."""
    asks_marac = Decision.record["outcomes"]["marac"].astext == "yes"
    return session.scalar(
        select(func.min(Decision.decided_at)).where(
            Decision.case_id == case_id, Decision.decided_at >= since, not_(asks_marac)
        )
    )


def marac_referrals_of(session: Session, case_id: str, before: int | None = None) -> Sequence[datetime]:
    """Returns when this case was referred to MARAC, the first time first.

    With `before`, by the decisions before that one.
    """
    by_then = true() if before is None else Decision.number < before
    referred = select(Decision.marac_referred_at).where(Decision.case_id == case_id, by_then)
    at = Decision.marac_referred_at
    return [one for one in session.scalars(referred.distinct().order_by(at)) if one is not None]

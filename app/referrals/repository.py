"""Every query of the referrals room."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONPATH, insert
from sqlalchemy.orm import Session

from app.referrals.models import Case, Decision, Incident, Learned, Referral


def take_turn(session: Session, *names: str) -> None:
    """Requests about the same thing go one after another until this transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("\x1f".join(names), 0))))


def referral_by_source(session: Session, client_id: str, system: str, reference: str) -> Referral | None:
    return session.scalar(
        select(Referral).filter_by(client_id=client_id, source_system=system, source_reference=reference)
    )


def referral_by_id(session: Session, referral_id: str) -> Referral | None:
    return session.scalar(select(Referral).where(Referral.id == referral_id))


def latest_referral_of(session: Session, case_id: str) -> Referral | None:
    return session.scalar(
        select(Referral)
        .where(Referral.case_id == case_id)
        .order_by(Referral.received_at.desc(), Referral.id)
        .limit(1)
    )


def case_by_id(session: Session, case_id: str) -> Case | None:
    return session.scalar(select(Case).where(Case.id == case_id))


def case_of_dyad(session: Session, victim_ref: str, perpetrator_ref: str) -> Case | None:
    """The case of these two people, locked so that two referrals about them are taken in turn."""
    return session.scalar(
        select(Case).filter_by(victim_ref=victim_ref, perpetrator_ref=perpetrator_ref).with_for_update()
    )


def insert_case_unless_there(session: Session, row: Mapping[str, object]) -> None:
    """The dyad has a case after this, whichever of two concurrent referrals made it."""
    session.execute(insert(Case).values(row).on_conflict_do_nothing())


def add_agency_to_case(session: Session, case_id: str, agency: str) -> None:
    """The agency may see the case from now on."""
    session.execute(
        update(Case)
        .where(Case.id == case_id, ~Case.agencies.contains([agency]))
        .values(agencies=func.array_append(Case.agencies, agency))
    )


def related_incidents(
    session: Session, victim_ref: str, perpetrator_ref: str | None, until: datetime
) -> Sequence[Incident]:
    """Every incident of this victim or this perpetrator, from whichever force, that was on record by then."""
    same_person = [Incident.victim_ref == victim_ref]
    if perpetrator_ref:
        same_person.append(Incident.perpetrator_ref == perpetrator_ref)
    return session.scalars(
        select(Incident)
        .where(or_(*same_person), Incident.recorded_at <= until)
        .order_by(Incident.occurred_at)
    ).all()


def learned_about(session: Session, referral_id: str) -> Sequence[Learned]:
    return session.scalars(
        select(Learned).where(Learned.referral_id == referral_id).order_by(Learned.number)
    ).all()


def decisions_of_referral(session: Session, referral_id: str) -> Sequence[Decision]:
    return session.scalars(
        select(Decision).where(Decision.referral_id == referral_id).order_by(Decision.number)
    ).all()


def decision_by_id(session: Session, decision_id: str) -> Decision | None:
    return session.scalar(select(Decision).where(Decision.id == decision_id))


def latest_decision_of(session: Session, case_id: str) -> Decision | None:
    return session.scalar(
        select(Decision).where(Decision.case_id == case_id).order_by(Decision.number.desc()).limit(1)
    )


def last_marac_referral_at(session: Session, case_id: str) -> datetime | None:
    """When this case last met a MARAC ground; a decision that only might have does not count."""
    met = '$.findings[*] ? (@.outcome == "marac")'
    return session.scalar(
        select(func.max(Decision.decided_at)).where(
            Decision.case_id == case_id,
            Decision.record["outcomes"]["marac"].astext == "yes",
            func.jsonb_path_exists(Decision.record, cast(met, JSONPATH)),
        )
    )

"""Every query of the referrals room."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH, insert
from sqlalchemy.orm import Session

from app.people.service import known_as, refs_of_same_person, refs_of_same_persons
from app.referrals.models import Case, Decision, Incident, Learned, NotForDisclosure, Referral


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
    """The case of these two people under any of their pseudonyms, locked so that referrals are taken in turn.

    Where a later link shows that two cases are about the same two people, the one opened first goes on.
    """
    return session.scalar(
        select(Case)
        .where(
            Case.victim_ref.in_(refs_of_same_person(session, victim_ref)),
            Case.perpetrator_ref.in_(refs_of_same_person(session, perpetrator_ref)),
        )
        .order_by(Case.opened_at, Case.id)
        .limit(1)
        .with_for_update(key_share=True)
    )


def cases_of_victim(session: Session, refs: Collection[str]) -> Sequence[Case]:
    """Every case of a victim by her pseudonyms, the oldest first."""
    return session.scalars(
        select(Case).where(Case.victim_ref.in_(refs)).order_by(Case.opened_at, Case.id)
    ).all()


def insert_case_unless_there(session: Session, row: Mapping[str, object]) -> None:
    """The dyad has a case after this, whichever of two concurrent referrals made it."""
    session.execute(insert(Case).values(row).on_conflict_do_nothing())


def related_incidents(
    session: Session, victim_ref: str, perpetrator_ref: str | None, until: datetime
) -> Sequence[Incident]:
    """Every incident of this victim or this perpetrator, from whichever force, that was on record by then.

    Pseudonyms of one person, by the links that stood then, are written as one, so that a count counts people.
    """
    same_person = [Incident.victim_ref.in_(refs_of_same_person(session, victim_ref, until))]
    if perpetrator_ref:
        his = refs_of_same_person(session, perpetrator_ref, until)
        same_person.append(Incident.perpetrator_ref.in_(his))
    rows = session.scalars(
        select(Incident)
        .where(or_(*same_person), Incident.recorded_at <= until)
        .order_by(Incident.occurred_at)
    ).all()
    refs = {ref for row in rows for ref in (row.victim_ref, row.perpetrator_ref) if ref}
    names = known_as(session, refs, {victim_ref, perpetrator_ref or victim_ref}, until)
    return [_as_counted(row, names) for row in rows]


def _as_counted(row: Incident, names: Mapping[str, str]) -> Incident:
    """The incident with each person under one pseudonym: a copy outside the session, for what is stored never changes."""
    victim = names[row.victim_ref]
    perpetrator = names[row.perpetrator_ref] if row.perpetrator_ref else None
    if (victim, perpetrator) == (row.victim_ref, row.perpetrator_ref):
        return row
    kept = {column.key: getattr(row, column.key) for column in Incident.__mapper__.column_attrs}
    return Incident(**kept | {"victim_ref": victim, "perpetrator_ref": perpetrator})


def decisions_across(session: Session, one: frozenset[str], other: frozenset[str]) -> Sequence[str]:
    """The latest decision of each case whose counts join these two sides, as long as they are one person.

    The person is the case's victim or perpetrator, with incidents on the other side; or a further victim of the
    case's perpetrator, who is counted once or twice.
    """
    crossing = [clause for sides in ((one, other), (other, one)) for clause in _counting(session, *sides)]
    harmed_both = _who_harmed(session, one) & _who_harmed(session, other)
    cases = select(Case.id).where(or_(*crossing, Case.perpetrator_ref.in_(harmed_both)))
    latest = select(func.max(Decision.number)).where(Decision.case_id.in_(cases)).group_by(Decision.case_id)
    return session.scalars(
        select(Decision.id).where(Decision.number.in_(latest)).order_by(Decision.number)
    ).all()


def cases_decided_by(session: Session, decisions: Sequence[str]) -> Sequence[Case]:
    """The cases that these decisions are about."""
    about = select(Decision.case_id).where(Decision.id.in_(decisions))
    return session.scalars(select(Case).where(Case.id.in_(about)).order_by(Case.opened_at, Case.id)).all()


def _counting(session: Session, mine: frozenset[str], theirs: frozenset[str]) -> list[ColumnElement[bool]]:
    """That a case is about this side, in each role in which the other side has an incident."""
    roles = ((Case.victim_ref, Incident.victim_ref), (Case.perpetrator_ref, Incident.perpetrator_ref))
    return [
        about.in_(mine)
        for about, had in roles
        if session.scalar(select(Incident.id).where(had.in_(theirs)).limit(1)) is not None
    ]


def _who_harmed(session: Session, victims: frozenset[str]) -> frozenset[str]:
    """Every pseudonym of everybody who is the perpetrator of an incident against one of these."""
    refs = session.scalars(
        select(Incident.perpetrator_ref)
        .where(Incident.victim_ref.in_(victims), Incident.perpetrator_ref.is_not(None))
        .distinct()
    )
    return refs_of_same_persons(session, {ref for ref in refs if ref})


def told_to(decision: Decision) -> str:
    """The hash of what the decision was told; that of its facts for one made before this was kept."""
    return decision.told_sha256 or decision.facts_sha256


def learned_about(session: Session, referral_id: str) -> Sequence[Learned]:
    return session.scalars(
        select(Learned).where(Learned.referral_id == referral_id).order_by(Learned.number)
    ).all()


def not_for_disclosure_of(session: Session, referral_id: str) -> Sequence[NotForDisclosure]:
    """What he must never learn about a referral, as far as the caller may see it, the first said first."""
    return session.scalars(
        select(NotForDisclosure)
        .where(NotForDisclosure.referral_id == referral_id)
        .order_by(NotForDisclosure.number)
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

"""The queries of reports: referrals, what was learned or added later, and the reviews of assessments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session

from app.people.service import refs_of_same_person
from app.referrals.models import (
    AssessmentReview,
    Case,
    Incident,
    LaterFacts,
    NotForDisclosure,
    Referral,
)
from app.referrals.repositories.case_repository import perpetrator_then


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which submissions to list. None means "any"."""

    source_system: str | None = None
    source_reference: str | None = None


def referral_by_source(session: Session, agency: str, system: str, reference: str) -> Referral | None:
    """Returns what the agency has sent under this reference, by whichever of its clients."""
    return session.scalar(
        select(Referral).filter_by(referring_agency=agency, source_system=system, source_reference=reference)
    )


def referral_by_id(session: Session, referral_id: str) -> Referral | None:
    return session.scalar(select(Referral).where(Referral.id == referral_id))


def referral_of_report(session: Session, report_id: str) -> Referral | None:
    """Returns the referral that is this report, or that the incident which is this report was added to."""
    added_to = select(Incident.referral_id).where(Incident.id == report_id)
    return session.scalar(select(Referral).where(or_(Referral.id == report_id, Referral.id.in_(added_to))))


def reports_seen(session: Session, report_ids: Collection[str]) -> frozenset[str]:
    """Returns those of these reports, referrals and later incidents, that the session sees."""
    referrals = select(Referral.id).where(Referral.id.in_(report_ids))
    return frozenset(session.scalars(referrals.union(select(Incident.id).where(Incident.id.in_(report_ids)))))


def submissions_of(
    session: Session, agency: str, wanted: SubmissionFilter, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Referral]:
    """Returns the next `limit` referrals that the agency submitted, before a position, the newest first."""
    newest = (Referral.received_at.desc(), Referral.id.desc())
    query = select(Referral).where(Referral.referring_agency == agency).order_by(*newest).limit(limit)
    if wanted.source_system is not None:
        query = query.where(Referral.source_system == wanted.source_system)
    if wanted.source_reference is not None:
        query = query.where(Referral.source_reference == wanted.source_reference)
    if before is not None:
        query = query.where(tuple_(Referral.received_at, Referral.id) < tuple_(*map(literal, before)))
    return session.scalars(query).all()


def latest_referral_of(session: Session, case_id: str) -> Referral | None:
    return session.scalar(
        select(Referral)
        .where(Referral.case_id == case_id)
        .order_by(Referral.received_at.desc(), Referral.number.desc())
        .limit(1)
    )


def latest_incident_since(session: Session, case_id: str, since: datetime) -> Incident | None:
    """Returns the newest incident of a case that was recorded after `since`."""
    later = select(Incident).where(Incident.case_id == case_id, Incident.recorded_at > since)
    return session.scalar(later.order_by(Incident.recorded_at.desc(), Incident.number.desc()).limit(1))


def newest_report_at(session: Session, case_id: str) -> datetime:
    """Returns when the newest report of a case came: its newest referral, or an incident that was recorded later."""
    received = select(func.max(Referral.received_at)).where(Referral.case_id == case_id).scalar_subquery()
    recorded = select(func.max(Incident.recorded_at)).where(Incident.case_id == case_id).scalar_subquery()
    # GREATEST passes over a NULL: a case may have no incident.
    newest: datetime = session.scalars(select(func.greatest(received, recorded))).one()
    return newest


def newest_word_at(session: Session, case_id: str) -> datetime:
    """Returns when anybody last said something of a case: a report, a fact learned later, or a review of a grade."""
    learned = (
        select(func.max(LaterFacts.learned_at))
        .join(Referral, Referral.id == LaterFacts.referral_id)
        .where(Referral.case_id == case_id)
    )
    reviewed = select(func.max(AssessmentReview.reviewed_at)).where(AssessmentReview.case_id == case_id)
    later = (session.scalar(learned), session.scalar(reviewed))
    return max([newest_report_at(session, case_id), *(instant for instant in later if instant is not None)])


def learned_about(session: Session, referral_id: str) -> Sequence[LaterFacts]:
    return session.scalars(
        select(LaterFacts).where(LaterFacts.referral_id == referral_id).order_by(LaterFacts.number)
    ).all()


def referrals_of_case(session: Session, case: Case, until: datetime | None) -> Sequence[Referral]:
    """Returns every referral of these two people until then, the oldest first, by the links that stood.

    A later link can show that two cases are about the same two people. While nobody knows the perpetrator the case
    stands for itself.
    """
    perpetrator = perpetrator_then(case, until)
    if perpetrator is not None:
        victim_refs = refs_of_same_person(session, case.victim_ref, until)
        return referrals_of_couple(session, victim_refs, refs_of_same_person(session, perpetrator, until), until)
    return _referrals_in(session, select(Case.id).where(Case.id == case.id), until)


def referrals_of_couple(
    session: Session, victim_refs: Collection[str], perpetrator_refs: Collection[str], until: datetime | None
) -> Sequence[Referral]:
    """Returns every referral until then of two people, by any of these pseudonyms, the oldest first."""
    couple = (Case.victim_ref.in_(victim_refs), Case.perpetrator_ref.in_(perpetrator_refs))
    return _referrals_in(session, select(Case.id).where(*couple), until)


def _referrals_in(session: Session, cases: Select[str], until: datetime | None) -> Sequence[Referral]:
    by_then = true() if until is None else Referral.received_at <= until
    of_cases = select(Referral).where(Referral.case_id.in_(cases), by_then)
    return session.scalars(of_cases.order_by(Referral.received_at, Referral.number)).all()


def referrals_about_perpetrator(
    session: Session, refs: Collection[str], other_than: Collection[str], until: datetime | None
) -> Sequence[Referral]:
    """Returns every referral until then of a perpetrator, by any of these pseudonyms, the oldest first.

    Without those of the victims `other_than`, and of cases in which nobody had identified the perpetrator by then.
    """
    by_then = (
        [] if until is None else [Referral.received_at <= until, func.coalesce(Case.identified_at, until) <= until]
    )
    elsewhere = select(Referral).join(Case, Case.id == Referral.case_id)
    about = elsewhere.where(Case.perpetrator_ref.in_(refs), Case.victim_ref.not_in(other_than), *by_then)
    return session.scalars(about.order_by(Referral.received_at, Referral.number)).all()


def referrals_about_victim(
    session: Session, refs: Collection[str], other_than: Collection[str], until: datetime | None
) -> Sequence[Referral]:
    """Returns every referral until then of a victim, by any of these pseudonyms, the oldest first.

    Without the referrals `other_than`.
    """
    by_then = true() if until is None else Referral.received_at <= until
    of_victim = select(Referral).join(Case, Case.id == Referral.case_id).where(Case.victim_ref.in_(refs))
    about = of_victim.where(Referral.id.not_in(other_than), by_then)
    return session.scalars(about.order_by(Referral.received_at, Referral.number)).all()


def learned_about_any(session: Session, referral_ids: Collection[str], until: datetime | None) -> Sequence[LaterFacts]:
    """Returns what was learned until then about any of these referrals, the oldest first."""
    if not referral_ids:
        return []
    by_then = true() if until is None else LaterFacts.learned_at <= until
    learned = select(LaterFacts).where(LaterFacts.referral_id.in_(referral_ids), by_then)
    return session.scalars(learned.order_by(LaterFacts.number)).all()


def incidents_sent_later(session: Session, referral_ids: Collection[str], until: datetime | None) -> Sequence[Incident]:
    """Returns the incidents that were added to any of these referrals until then, the oldest first.

    Each is a report.
    """
    if not referral_ids:
        return []
    by_then = true() if until is None else Incident.recorded_at <= until
    added = (
        select(Incident)
        .join(Referral, Referral.id == Incident.referral_id)
        .where(Referral.id.in_(referral_ids), Incident.sent_later, by_then)
    )
    return session.scalars(added.order_by(Incident.recorded_at, Incident.number)).all()


def incident_of_referral(session: Session, referral_id: str, incident_id: str) -> Incident | None:
    """Returns the incident, when it was added to this referral later."""
    return session.scalar(
        select(Incident).where(Incident.id == incident_id, Incident.referral_id == referral_id, Incident.sent_later)
    )


def incident_of_case(session: Session, case_id: str, incident_id: str) -> Incident | None:
    """Returns the incident, when it was added to this case later."""
    added = select(Incident).where(Incident.id == incident_id, Incident.case_id == case_id, Incident.sent_later)
    return session.scalar(added)


def assessment_reviews_of(
    session: Session, referral_ids: Collection[str], until: datetime | None
) -> Sequence[AssessmentReview]:
    """Returns the reviews until then of the reports of these referrals, the oldest first."""
    by_then = true() if until is None else AssessmentReview.reviewed_at <= until
    made = select(AssessmentReview).where(AssessmentReview.referral_id.in_(referral_ids), by_then)
    return session.scalars(made.order_by(AssessmentReview.number)).all()


def not_for_disclosure_of(session: Session, referral_id: str) -> Sequence[NotForDisclosure]:
    """Returns what the perpetrator must never learn about a referral, as far as the caller may see it."""
    return session.scalars(
        select(NotForDisclosure).where(NotForDisclosure.referral_id == referral_id).order_by(NotForDisclosure.number)
    ).all()


def sealed_texts(session: Session, ids: Collection[str]) -> Sequence[NotForDisclosure]:
    """Returns the sealed texts of these ids, the oldest first."""
    named = select(NotForDisclosure).where(NotForDisclosure.id.in_(ids))
    return session.scalars(named.order_by(NotForDisclosure.number)).all()

"""Every query of the referrals room.

The module is long because cases, reports and decisions are still read in one place; they are to become one module each.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, not_, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.people.service import canonical_refs, refs_of_same_person, refs_of_same_persons
from app.referrals.crossed_roles_repository import crossed_incident, harmed_by
from app.referrals.models import (
    AssessmentReview,
    Case,
    Decision,
    Incident,
    LaterFacts,
    NotForDisclosure,
    Referral,
)


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which submissions to list. None means "any"."""

    source_system: str | None = None
    source_reference: str | None = None


def referral_by_source(session: Session, client_id: str, system: str, reference: str) -> Referral | None:
    return session.scalar(
        select(Referral).filter_by(client_id=client_id, source_system=system, source_reference=reference)
    )


def referral_by_id(session: Session, referral_id: str) -> Referral | None:
    return session.scalar(select(Referral).where(Referral.id == referral_id))


def referral_of_report(session: Session, report_id: str) -> Referral | None:
    """Returns the referral that is this report, or that the incident which is this report was added to."""
    added_to = select(Incident.referral_id).where(Incident.id == report_id)
    return session.scalar(select(Referral).where(or_(Referral.id == report_id, Referral.id.in_(added_to))))


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


def case_by_id(session: Session, case_id: str) -> Case | None:
    return session.scalar(select(Case).where(Case.id == case_id))


def cases_by_ids(session: Session, case_ids: Collection[str]) -> Sequence[Case]:
    """Returns the cases of these ids that the session sees, in the order of the ids."""
    return session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)).all()


def case_of_pair(session: Session, victim_refs: Collection[str], perpetrator_refs: Collection[str]) -> Case | None:
    """Returns the case of a victim and a perpetrator by all their pseudonyms, read without a lock."""
    return session.scalar(_case_of_pair(victim_refs, perpetrator_refs))


def lock_case(session: Session, case_id: str) -> None:
    """Locks the case until this transaction ends, and reads it as it is stored now."""
    locked = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    session.scalar(locked.execution_options(populate_existing=True))


def lock_case_if_free(session: Session, case_id: str) -> Case | None:
    """Locks the case and returns it as it is stored now; None when another transaction holds it."""
    locked = select(Case).where(Case.id == case_id).with_for_update(key_share=True, skip_locked=True)
    return session.scalar(locked.execution_options(populate_existing=True))


def lock_case_of_pair(session: Session, victim_ref: str, perpetrator_ref: str) -> Case | None:
    """Locks the case of a victim and a perpetrator under any of their pseudonyms, and returns it."""
    victim_refs = refs_of_same_person(session, victim_ref)
    perpetrator_refs = refs_of_same_person(session, perpetrator_ref)
    # FOR NO KEY UPDATE: referrals of one case go one after another, and rows that refer to the case can be inserted.
    return session.scalar(_case_of_pair(victim_refs, perpetrator_refs).with_for_update(key_share=True))


def _case_of_pair(victim_refs: Collection[str], perpetrator_refs: Collection[str]) -> Select[Case]:
    """Returns where a later link shows that two cases are about the same two people, the one opened first continues."""
    of_pair = (Case.victim_ref.in_(victim_refs), Case.perpetrator_ref.in_(perpetrator_refs))
    return select(Case).where(*of_pair).order_by(Case.opened_at, Case.id).limit(1)


def cases_of_pair(session: Session, case: Case) -> Sequence[Case]:
    """Returns every case of the same victim and perpetrator under any pseudonym, the oldest first."""
    refs = [refs_of_same_person(session, ref) for ref in (case.victim_ref, case.perpetrator_ref or "")]
    of_pair = (Case.victim_ref.in_(refs[0]), Case.perpetrator_ref.in_(refs[1]))
    return session.scalars(select(Case).where(*of_pair).order_by(Case.opened_at, Case.id)).all()


def perpetrator_then(case: Case, at: datetime | None) -> str | None:
    """Returns the perpetrator of the case as it was known at an instant; None: nobody was identified yet."""
    later = at is not None and case.identified_at is not None and case.identified_at > at
    return None if later else case.perpetrator_ref


def cases_of_victim(session: Session, refs: Collection[str]) -> Sequence[Case]:
    """Returns every case of a victim by all their pseudonyms, the oldest first."""
    return session.scalars(select(Case).where(Case.victim_ref.in_(refs)).order_by(Case.opened_at, Case.id)).all()


def other_cases_of_victim(session: Session, case: Case) -> Sequence[Case]:
    """Returns the other cases of the victim of this case, under any pseudonym, the oldest first."""
    found = cases_of_victim(session, refs_of_same_person(session, case.victim_ref))
    return [other for other in found if other.id != case.id]


def insert_case_if_new(session: Session, row: Mapping[str, object]) -> None:
    """Inserts the case unless a concurrent referral has opened one for the same two people."""
    session.execute(insert(Case).values(row).on_conflict_do_nothing())


def related_incidents(
    session: Session, victim_ref: str, perpetrator_ref: str | None, until: datetime
) -> Sequence[Incident]:
    """Returns every incident of this victim or this perpetrator, from any force, that was on record at `until`.

    Also those in which the two have the opposite roles; a count of the couple or of either person leaves these out.
    Each person appears under one pseudonym, by the links that stood then, so that a count counts people.
    """
    victim_refs = refs_of_same_person(session, victim_ref, until)
    same_person: list[ColumnElement[bool]] = [Incident.victim_ref.in_(victim_refs)]
    if perpetrator_ref:
        perpetrator_refs = refs_of_same_person(session, perpetrator_ref, until)
        same_person.append(harmed_by(perpetrator_refs))
        same_person.append(crossed_incident(victim_refs, perpetrator_refs))
    # By when it was recorded, not by when it happened: a decision rests on what was known at its time.
    rows = session.scalars(
        select(Incident)
        .where(or_(*same_person), Incident.recorded_at <= until)
        .order_by(Incident.occurred_at, Incident.recorded_at, Incident.number)
    ).all()
    rows = _with_identified_perpetrators(session, rows, until)
    refs = {ref for row in rows for ref in (row.victim_ref, row.perpetrator_ref) if ref}
    names = canonical_refs(session, refs, {victim_ref, perpetrator_ref or victim_ref}, until)
    return [under_names(row, names) for row in rows]


def _with_identified_perpetrators(session: Session, rows: Sequence[Incident], until: datetime) -> list[Incident]:
    """Returns the incidents, those by somebody unidentified under whoever their case had identified until then."""
    unknown = {row.case_id for row in rows if row.perpetrator_ref is None}
    cases = session.scalars(select(Case).where(Case.id.in_(unknown))) if unknown else ()
    known = {case.id: perpetrator_then(case, until) for case in cases}
    return [
        _copy_of(row, row.victim_ref, known[row.case_id])
        if row.perpetrator_ref is None and known.get(row.case_id)
        else row
        for row in rows
    ]


def under_names(row: Incident, names: Mapping[str, str]) -> Incident:
    """Returns the incident with its people under these pseudonyms; one that is not in `names` stays.

    A changed incident is a copy outside the session: the stored row never changes.
    """
    victim = names.get(row.victim_ref, row.victim_ref)
    perpetrator = names.get(row.perpetrator_ref, row.perpetrator_ref) if row.perpetrator_ref else None
    if (victim, perpetrator) == (row.victim_ref, row.perpetrator_ref):
        return row
    return _copy_of(row, victim, perpetrator)


def _copy_of(row: Incident, victim: str, perpetrator: str | None) -> Incident:
    columns = {column.key: getattr(row, column.key) for column in Incident.__mapper__.column_attrs}
    return Incident(**columns | {"victim_ref": victim, "perpetrator_ref": perpetrator})


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


def learned_about(session: Session, referral_id: str) -> Sequence[LaterFacts]:
    return session.scalars(
        select(LaterFacts).where(LaterFacts.referral_id == referral_id).order_by(LaterFacts.number)
    ).all()


def referrals_of_case(session: Session, case: Case, until: datetime | None) -> Sequence[Referral]:
    """Returns every referral of these two people until then, the oldest first, by the links that stood.

    A later link can show that two cases are about the same two people. While nobody knows the perpetrator the case
    stands for itself.
    """
    cases = select(Case.id).where(Case.id == case.id)
    perpetrator = perpetrator_then(case, until)
    if perpetrator is not None:
        victim_refs = refs_of_same_person(session, case.victim_ref, until)
        perpetrator_refs = refs_of_same_person(session, perpetrator, until)
        cases = select(Case.id).where(Case.victim_ref.in_(victim_refs), Case.perpetrator_ref.in_(perpetrator_refs))
    by_then = true() if until is None else Referral.received_at <= until
    of_case = select(Referral).where(Referral.case_id.in_(cases), by_then)
    return session.scalars(of_case.order_by(Referral.received_at, Referral.number)).all()


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
    by_then = true() if until is None else LaterFacts.learned_at <= until
    learned = select(LaterFacts).where(LaterFacts.referral_id.in_(referral_ids), by_then)
    return session.scalars(learned.order_by(LaterFacts.number)).all()


def incidents_sent_later(session: Session, referral_ids: Collection[str], until: datetime | None) -> Sequence[Incident]:
    """Returns the incidents that were added to any of these referrals until then, the oldest first.

    Each is a report.
    """
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

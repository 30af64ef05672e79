"""Reads each report of abuse by the perpetrator: its acts, its signs of danger, its grade, and who recorded it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.flows import repository
from app.flows.reading.stored_facts import StoredFacts
from app.flows.state import ActOnRecord, ReportOnRecord
from app.foundation.clock import london_date
from app.referrals.models import Incident, LaterFacts, Referral
from app.referrals.schemas.incident import IncidentIn
from app.referrals.statements.reading import read
from app.routing.facts.answers.questions import FLAGS
from app.routing.policy.vocabulary import DashAnswer, EscalationKind
from app.vocabulary import Grade

# What the perpetrator did or said and a life may hang on. What the victim feels, bears or plans is not among them.
DANGER_FLAGS = ("strangulation", "threats_to_kill", "weapon", "stalking", "suicidal_threats_by_perpetrator")
_GRADES = (Grade.STANDARD, Grade.MEDIUM, Grade.HIGH)
Document = Mapping[str, Any]


def reports_on_record(
    session: Session, facts: StoredFacts, cut: Collection[str], apart_since: Mapping[str, date]
) -> Iterator[ReportOnRecord]:
    """Yields every report, the oldest first: each referral, and each incident that was added to one later.

    `cut` are the cases of which no place passes, and `apart_since` the day of those of which it is known.
    """
    incidents = repository.incidents_of(session, facts.case_ids)
    learned = repository.facts_of_reports(session, [one.id for one in facts.referrals])
    victims = {case.id: facts.victims[case.victim_ref] for case in facts.cases}
    for referral in facts.referrals:
        first = [one for one in incidents if one.referral_id == referral.id and not one.sent_later]
        place = (referral.case_id in cut, apart_since.get(referral.case_id))
        stated = [referral.document, *_learned_of(learned, referral.id)]
        acts = tuple(_act(one, *place) for one in first)
        yield _report(referral, referral.id, victims[referral.case_id], stated, acts)
        for one in incidents:
            if one.referral_id == referral.id and one.sent_later:
                later = [row.document for row in learned if one.id in {row.incident_id, row.answers_report}]
                yield _added_report(referral, one, victims[referral.case_id], later, _act(one, *place))


def _learned_of(learned: Sequence[LaterFacts], referral_id: str) -> list[Document]:
    """Returns what was learned about the referral itself, and not about an incident that was added to it."""
    return [
        row.document
        for row in learned
        if row.referral_id == referral_id and row.incident_id is None and row.answers_report in {None, referral_id}
    ]


def _report(
    referral: Referral, report_id: str, victim: str, stated: Sequence[Document], acts: tuple[ActOnRecord, ...]
) -> ReportOnRecord:
    return ReportOnRecord(
        id=report_id,
        case_id=referral.case_id,
        victim=victim,
        by=referral.referring_agency,
        at=referral.received_at,
        acts=acts,
        red_flags=_red_flags(stated),
        grade=_grade(stated),
        children=any(child.get("present_at_incident") for one in stated for child in one.get("children") or ()),
        away_from_address=_is_away(stated),
    )


def _added_report(
    referral: Referral, incident: Incident, victim: str, stated: Sequence[Document], act: ActOnRecord
) -> ReportOnRecord:
    whole = _report(referral, incident.id, victim, stated, (act,))
    return ReportOnRecord(
        incident.id,
        whole.case_id,
        victim,
        incident.reported_by,
        incident.recorded_at,
        (act,),
        whole.red_flags,
        whole.grade,
        whole.children,
        whole.away_from_address,
    )


def _act(row: Incident, is_cut: bool, apart_since: date | None) -> ActOnRecord:
    stated = read(IncidentIn, row.document)
    day = london_date(row.occurred_at)
    return ActOnRecord(
        day=day,
        force=stated.force,
        outcome=stated.outcome,
        injury=stated.injury,
        numbered=stated.source_reference is not None,
        after_cut=is_cut and (apart_since is None or day >= apart_since),
    )


def _red_flags(stated: Sequence[Document]) -> tuple[str, ...]:
    assessments = [one.get("assessment") or {} for one in stated]
    return tuple(flag for flag in DANGER_FLAGS if any(_is_raised(one, flag) for one in assessments))


def _is_raised(assessment: Document, flag: str) -> bool:
    answers = assessment.get("answers") or {}
    return assessment.get(flag) is True or any(answers.get(one) == DashAnswer.YES for one in FLAGS.get(flag, ()))


def _grade(stated: Sequence[Document]) -> Grade | None:
    """Returns the highest grade that anybody gave the report: what lowers it is a review, and tells nobody less."""
    assessments = [one.get("assessment") or {} for one in stated]
    given = {one.get(name) for one in assessments for name in ("officer_grade", "hub_grade")}
    given |= {Grade.HIGH for one in assessments if one.get("judged_high")}
    return max((one for one in _GRADES if one in given), key=_GRADES.index, default=None)


def _is_away(stated: Sequence[Document]) -> bool:
    perpetrators = [one.get("perpetrator") or {} for one in stated]
    escalations = (entry for one in perpetrators for entry in one.get("escalations") or ())
    unapproved = any(one.get("kind") == EscalationKind.UNAPPROVED_ADDRESS for one in escalations)
    return unapproved or any(one.get("address_approved") is False for one in perpetrators)

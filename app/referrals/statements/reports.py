"""Tells the reports of a case apart: each keeps its own assessment, by its author, and its own reviews."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from app.referrals.schemas.assessment import AssessmentFields, answered
from app.referrals.statements.standing import ASSESSMENT, standing
from app.referrals.statements.statement import AgencyStatement, StatementKind
from app.routing.facts.answers.reading import read_answers
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.policy.vocabulary import ReferralRoute
from app.vocabulary import Grade

_SECTIONS = {"answers", "sdash"}


@dataclass(frozen=True, slots=True)
class ReportReview:
    """The grade that a named person of an agency set for a report."""

    report: str
    agency: str
    grade: Grade
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class ReportedAssessment:
    """What one author assessed in one report, as reviewed."""

    referral: str
    report: str
    author: str
    reported_at: datetime
    assessment: AssessmentFields
    route: ReferralRoute | None


def reports_of(statements: Sequence[AgencyStatement], reviews: Sequence[ReportReview]) -> list[ReportedAssessment]:
    """Returns the reports and who assessed them, the oldest first. Statements and reviews come the oldest first."""
    of_reports = addressed(statements)
    reported_at = {one.report: one.stated_at for one in reversed(of_reports) if one.kind is not StatementKind.FACTS}
    referral_of = {one.report: one.referral for one in of_reports}
    routes = {one.report: one.document.get("route") for one in of_reports if one.kind is StatementKind.REFERRAL}
    found = [
        ReportedAssessment(
            referral_of[report], report, author, reported_at[report], assessment, _route(routes.get(report))
        )
        for report, author in dict.fromkeys((one.report, one.agency) for one in of_reports)
        for assessment in [_assessment(report, author, of_reports, reviews)]
        if assessment.model_fields_set or _is_author(report, author, of_reports)
    ]
    return sorted(found, key=lambda one: one.reported_at)


def as_assessment(stated: AssessmentFields) -> Assessment:
    """Returns the assessment as routing reads it: totals and flags as the answers of the form give them."""
    plain = {each.name for each in fields(Assessment)} & set(AssessmentFields.model_fields) - _SECTIONS
    values: dict[str, Any] = {name: getattr(stated, name) for name in plain}
    values |= {name: tuple(answered(getattr(stated, name)).items()) for name in _SECTIONS}
    return read_answers(Assessment(**values))


def assessment_of(statement: AgencyStatement, statements: Sequence[AgencyStatement]) -> AssessmentFields:
    """Returns what the author of the statement has assessed, with it, in the report that it is part of."""
    return _assessment(statement.report, statement.agency, [*statements, statement], ())


def addressed(statements: Sequence[AgencyStatement]) -> list[AgencyStatement]:
    """Returns each statement with the report that its assessment is of: facts are of their author's newest one."""
    newest: dict[tuple[str, str], str] = {}
    found: list[AgencyStatement] = []
    for one in statements:
        key = (one.referral, one.agency)
        if one.kind is StatementKind.FACTS:
            found.append(_of_report(one, newest.get(key, one.referral)))
        else:
            found.append(one)
            newest[key] = one.report
    return found


def _of_report(one: AgencyStatement, report: str) -> AgencyStatement:
    return AgencyStatement(one.agency, one.document, one.kind, one.referral, report, one.stated_at)


def _is_author(report: str, author: str, statements: Sequence[AgencyStatement]) -> bool:
    return any(
        one.report == report and one.agency == author and one.kind is not StatementKind.FACTS for one in statements
    )


def _assessment(
    report: str, author: str, statements: Sequence[AgencyStatement], reviews: Sequence[ReportReview]
) -> AssessmentFields:
    own = [_assessment_only(one) for one in statements if one.report == report and one.agency == author]
    reviewed = [_as_statement(one, author) for one in reviews if one.report == report]
    # A review counts from when it was made: what the author states afterwards is stated on top of it.
    stands = standing(sorted([*own, *reviewed], key=lambda one: one.stated_at))
    document: dict[str, Any] = {}
    for (_, *sections, name), by in sorted(stands.items(), key=lambda item: len(item[0])):
        if author in by:
            place = document
            for section in sections:
                place = place.setdefault(section, {})
            place.setdefault(name, by[author].value or type(by[author].value)())
    return AssessmentFields.model_validate(document)


def _assessment_only(one: AgencyStatement) -> AgencyStatement:
    document = {name: value for name, value in one.document.items() if name == ASSESSMENT and value != {}}
    return AgencyStatement(one.agency, document, one.kind, one.referral, one.report, one.stated_at)


def _as_statement(review: ReportReview, author: str) -> AgencyStatement:
    """Returns a review replaces the grades and, below HIGH, the judgement of the report.

    It touches no tick and no danger.
    """
    judged: dict[str, object] = {} if review.grade is Grade.HIGH else {"judged_high": False}
    document = {ASSESSMENT: {"officer_grade": review.grade.value, "hub_grade": None, **judged}}
    return AgencyStatement(author, document, stated_at=review.reviewed_at)


def _route(stated: object) -> ReferralRoute | None:
    return ReferralRoute(str(stated)) if stated else None

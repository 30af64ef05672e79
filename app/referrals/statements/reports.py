"""Tells the reports of a case apart: each keeps its own assessment, by its author, and its own reviews."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from app.referrals.schemas.assessment import AssessmentIn
from app.referrals.statements.reading import read
from app.referrals.statements.standing import ASSESSMENT, not_lowered, standing
from app.referrals.statements.statement import AgencyStatement, StatementKind, pointer
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.policy.vocabulary import ReferralRoute
from app.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class ReportReview:
    """The grade that a named person of an agency set for a report."""

    report: str
    agency: str
    grade: Grade
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class ReportedAssessment:
    """What one author assessed in one report, as reviewed. `not_lowered` are parts that a program states lower."""

    referral: str
    report: str
    author: str
    reported_at: datetime
    assessment: AssessmentIn
    route: ReferralRoute | None
    not_lowered: tuple[str, ...] = ()


def reports_of(statements: Sequence[AgencyStatement], reviews: Sequence[ReportReview]) -> list[ReportedAssessment]:
    """Returns the reports and who assessed them, the oldest first. Statements and reviews come the oldest first."""
    of_reports = addressed(statements)
    reported_at = {one.report: one.stated_at for one in reversed(of_reports) if one.kind is not StatementKind.FACTS}
    referral_of = {one.report: one.referral for one in of_reports}
    routes = {one.report: one.document.get("route") for one in of_reports if one.kind is StatementKind.REFERRAL}
    found = []
    for report, author in dict.fromkeys((one.report, one.agency) for one in of_reports):
        own = assessed_in(report, author, of_reports, reviews)
        assessment = _assessment(author, own)
        if assessment.model_fields_set or _is_author(report, author, of_reports):
            found.append(
                ReportedAssessment(
                    referral_of[report],
                    report,
                    author,
                    reported_at[report],
                    assessment,
                    _route(routes.get(report)),
                    tuple(map(pointer, not_lowered(own))),
                )
            )
    return sorted(found, key=lambda one: one.reported_at)


def as_assessment(stated: AssessmentIn) -> Assessment:
    """Returns the assessment as routing reads it."""
    return Assessment(**{each.name: getattr(stated, each.name) for each in fields(Assessment)})


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
    return replace(one, report=report)


def _is_author(report: str, author: str, statements: Sequence[AgencyStatement]) -> bool:
    return any(
        one.report == report and one.agency == author and one.kind is not StatementKind.FACTS for one in statements
    )


def assessed_in(
    report: str, author: str, statements: Sequence[AgencyStatement], reviews: Sequence[ReportReview]
) -> list[AgencyStatement]:
    """Returns what the author says of the risk in one report, and its reviews, the oldest first."""
    own = [_assessment_only(one) for one in statements if one.report == report and one.agency == author]
    reviewed = [_as_statement(one, author) for one in reviews if one.report == report]
    # A review counts from when it was made: what the author states afterwards is stated on top of it.
    return sorted([*own, *reviewed], key=lambda one: one.stated_at)


def _assessment(author: str, statements: Sequence[AgencyStatement]) -> AssessmentIn:
    stands = standing(statements)
    return read(AssessmentIn, {path[-1]: by[author].value for path, by in stands.items() if author in by})


def _assessment_only(one: AgencyStatement) -> AgencyStatement:
    document = {name: value for name, value in one.document.items() if name == ASSESSMENT and value != {}}
    return replace(one, document=document)


def _as_statement(review: ReportReview, author: str) -> AgencyStatement:
    """Returns a review replaces the grades and, below HIGH, the judgement of the report.

    It touches no tick and no danger.
    """
    judged: dict[str, object] = {} if review.grade is Grade.HIGH else {"judged_high": False}
    document = {ASSESSMENT: {"officer_grade": review.grade.value, "hub_grade": None, **judged}}
    return AgencyStatement(author, document, StatementKind.REVIEW, stated_at=review.reviewed_at)


def _route(stated: object) -> ReferralRoute | None:
    return ReferralRoute(str(stated)) if stated else None

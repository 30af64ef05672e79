"""Tells the reports of a case apart: each keeps its own assessment, by its author, and its own reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from app.referrals.schemas.assessment import AssessmentIn, answered
from app.referrals.statements.forms import SECTIONS, with_totals
from app.referrals.statements.reading import read
from app.referrals.statements.standing import ASSESSMENT, OF_THE_MOMENT, SEEN, not_lowered, standing
from app.referrals.statements.statement import AgencyStatement, StatementKind, pointer, without_paths
from app.routing.facts.answers.reading import read_answers
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.policy.vocabulary import ReferralRoute
from app.vocabulary import Grade

_FORM = frozenset({"tool", "ticks", "unanswered"})


@dataclass(frozen=True, slots=True)
class ReportReview:
    """The grade that a named person of an agency set for a report, and the differences that the person settled."""

    report: str
    agency: str
    grade: Grade
    reviewed_at: datetime
    settles: tuple[str, ...] = ()


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
    reported_at = {one.report: one.stated_at for one in reversed(of_reports) if one.kind.is_report}
    referral_of = {one.report: one.referral for one in of_reports}
    routes = {one.report: one.document.get("route") for one in of_reports if one.kind is StatementKind.REFERRAL}
    found = []
    for report, author in dict.fromkeys((one.report, one.agency) for one in of_reports):
        own = assessed_in(report, author, of_reports, reviews)
        assessment = assessment_of(author, [one for one in of_reports if one.report == report], own)
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
    """Returns the assessment as routing reads it: totals and flags as the answers of the form give them."""
    plain = {each.name for each in fields(Assessment)} & set(AssessmentIn.model_fields) - SECTIONS
    values: dict[str, Any] = {name: getattr(stated, name) for name in plain}
    values |= {name: tuple(answered(getattr(stated, name)).items()) for name in SECTIONS}
    return read_answers(Assessment(**values))


def addressed(statements: Sequence[AgencyStatement]) -> list[AgencyStatement]:
    """Returns each statement with the report that its assessment is of: facts are of their author's newest one.

    An answer is of the report that was asked about.
    """
    newest: dict[tuple[str, str], str] = {}
    found: list[AgencyStatement] = []
    for one in statements:
        key = (one.referral, one.agency)
        if one.kind is StatementKind.FACTS:
            found.append(_of_report(one, newest.get(key, one.referral)))
        else:
            found.append(one)
            if one.kind.is_report:
                newest[key] = one.report
    return found


def of_newest_abuse(statements: Sequence[AgencyStatement], since: datetime | None) -> list[AgencyStatement]:
    """Returns the statements without what was said of an older event, where newer abuse was first reported at `since`.

    Whether the victim was seen, and where the suspect is, is so of one event: after the next one nobody knows.
    """
    of_reports = addressed(statements)
    reported_at = {one.report: one.stated_at for one in reversed(of_reports) if one.kind.is_report}
    if since is None:
        return list(statements)
    return [
        _without_moment(
            one, assessed=reported_at.get(at.report, one.stated_at) < since, stated=_speaks_of(at, reported_at) < since
        )
        for one, at in zip(statements, of_reports, strict=True)
    ]


def _speaks_of(one: AgencyStatement, reported_at: Mapping[str, datetime]) -> datetime:
    """Returns of when the statement speaks: an answer of the report that was asked about."""
    return reported_at.get(one.report, one.stated_at) if one.kind is StatementKind.ANSWER else one.stated_at


def _without_moment(one: AgencyStatement, *, assessed: bool, stated: bool) -> AgencyStatement:
    """Returns the statement without its assessment's account of the moment, and without the rest of that account."""
    dropped = (SEEN if assessed else frozenset()) | (OF_THE_MOMENT if stated else frozenset())
    document = without_paths(one.document, dropped)
    return replace(one, document=document)


def _of_report(one: AgencyStatement, report: str) -> AgencyStatement:
    return replace(one, report=report)


def _is_author(report: str, author: str, statements: Sequence[AgencyStatement]) -> bool:
    return any(one.report == report and one.agency == author and one.kind.is_report for one in statements)


def assessed_in(
    report: str, author: str, statements: Sequence[AgencyStatement], reviews: Sequence[ReportReview]
) -> list[AgencyStatement]:
    """Returns what the author says of the risk in one report, and its reviews, the oldest first."""
    own = [_assessment_only(one) for one in statements if one.report == report and one.agency == author]
    reviewed = [_as_statement(one, author) for one in reviews if one.report == report]
    # A review counts from when it was made: what the author states afterwards is stated on top of it.
    return sorted([*own, *reviewed], key=lambda one: one.stated_at)


def assessment_of(author: str, of_report: Sequence[AgencyStatement], own: Sequence[AgencyStatement]) -> AssessmentIn:
    """Returns the assessment of the report's author, `own`, completed by what was answered about its form."""
    stated = with_totals(_as_stated(author, own))
    if _FORM & stated.keys() or any(one.kind.is_report and one.agency == author for one in of_report):
        stated = _completed(stated, of_report)
    return read(AssessmentIn, stated)


def newest_form(statements: Sequence[AgencyStatement]) -> dict[str, Any]:
    """Returns the newest value of each part of the assessment that the last statement's author makes in its report."""
    last = statements[-1]
    own = [one.document.get(ASSESSMENT) or {} for one in statements if _same_form(one, last)]
    return {name: value for form in own for name, value in form.items()}


def _same_form(one: AgencyStatement, other: AgencyStatement) -> bool:
    return (one.report, one.agency) == (other.report, other.agency)


def _as_stated(author: str, own: Sequence[AgencyStatement]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for (_, *sections, name), by in sorted(standing(own).items(), key=lambda item: len(item[0])):
        if author in by:
            place = document
            for section in sections:
                place = place.setdefault(section, {})
            # A section that was sent empty holds no answer.
            place.setdefault(name, by[author].value if by[author].value != {} else {})
    return document


def _assessment_only(one: AgencyStatement) -> AgencyStatement:
    """Returns the assessment that the statement makes. Answers about the form are of whoever filled it in."""
    document = {name: value for name, value in one.document.items() if name == ASSESSMENT and value != {}}
    if one.kind is StatementKind.ANSWER and document:
        document = without_paths(document, {(ASSESSMENT, name) for name in _FORM})
    return replace(one, document=document)


def _completed(form: dict[str, Any], statements: Sequence[AgencyStatement]) -> dict[str, Any]:
    """Returns the form with what was answered of the questions that it leaves open. What it says stays."""
    for answer in (one.document.get(ASSESSMENT, {}) for one in statements if one.kind is StatementKind.ANSWER):
        left_open = {"tool"} if form.get("tool") is None else set()
        if form.get("ticks") is None or form.get("unanswered", 0 if form.get("completed") else None) != 0:
            left_open |= {"ticks", "unanswered"}
        form = form | {name: answer[name] for name in left_open & answer.keys()}
    return form


def _as_statement(review: ReportReview, author: str) -> AgencyStatement:
    """Returns a review replaces the grades and, below HIGH, the judgement of the report.

    It touches no tick and no danger.
    """
    judged: dict[str, object] = {} if review.grade is Grade.HIGH else {"judged_high": False}
    document = {ASSESSMENT: {"officer_grade": review.grade.value, "hub_grade": None, **judged}}
    return AgencyStatement(author, document, StatementKind.REVIEW, stated_at=review.reviewed_at)


def _route(stated: object) -> ReferralRoute | None:
    return ReferralRoute(str(stated)) if stated else None

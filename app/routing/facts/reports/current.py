"""Reads the assessments of all current reports together. Every report keeps its own; the most protective stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from app.routing.facts.contact.dated_markers import with_dated_markers
from app.routing.facts.dates import london_date, months_before
from app.routing.facts.reports.precaution import GRADES, more_protective
from app.routing.facts.risk import current_grade, settled_ticks, tick_threshold
from app.routing.facts.snapshot.assessment import AssessedReport, Assessment
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.parameters import Parameters
from app.routing.policy.vocabulary import ReferralRoute
from app.vocabulary import Grade

NOTHING = Assessment()
_FORM = ("tool", "ticks", "unanswered", "completed", "answers", "sdash", "source", "completed_on", "by_role")
# What makes it a form: who filled one in, and when, are not enough.
_TOTALS = ("tool", "ticks", "unanswered", "completed")
_GRADE = ("officer_grade", "hub_grade")
# Said by answers only: no author states them as such.
_OF_ANSWERS = frozenset({"child_in_answers", "child_harm_in_answers", "broken_order_in_answers"})
# What was done about the victim is true from when it was done: of each author the newest statement stands.
_DONE = ("seen", "seen_alone", "both_parties_seen")
_RAISED = tuple(
    each.name for each in fields(Assessment) if each.name not in {*_FORM, *_GRADE, *_DONE, "judgement_reason"}
)
# Each of these is a ground or a duty by itself: a later report that came another way does not undo it.
ROUTES_THAT_COUNT = (ReferralRoute.ASB_SCREEN, ReferralRoute.DVDS_PANEL, ReferralRoute.TRANSFER)


def with_current_reports(case: CaseSnapshot, at: datetime, parameters: Parameters) -> CaseSnapshot:
    """Returns the case with the assessment and the route that its current reports make together.

    The dates of the case raise their markers on top.
    """
    if not case.reports:
        return with_dated_markers(case, at)
    current = current_reports(case.reports, at, parameters.number("repeat_months"))
    together = replace(
        case,
        assessment=current_assessment(current, parameters),
        route=_route(current),
        earlier_routes=tuple(one.route for one in current if one.route in ROUTES_THAT_COUNT),
        left_unanswered=max(_newest_of_each_author("unanswered", current), default=None),
    )
    return with_dated_markers(together, at)


def reports_left_open(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, tuple[str, ...]]:
    """Returns, by each fact of a form, the reports whose form leaves it open, the oldest first.

    A fact of the form as a whole is left open by the form that decides most; the ticks by each form whose unanswered
    questions could reach the threshold. Without any form it is the newest report.
    """
    current = current_reports(case.reports, at, parameters.number("repeat_months"))
    if not current:
        return {}
    form = deciding_form([one.assessment for one in current], parameters)
    deciding = [one.id for one in current if form is not NOTHING and one.assessment == form] or [
        one.id for one in current
    ]
    uncertain = [one.id for one in current if _has_form(one.assessment) and _may_reach(one.assessment, parameters)]
    return {
        "assessment_tool": tuple(deciding[-1:]),
        "unanswered": tuple(deciding[-1:]),
        "ticks": tuple(dict.fromkeys(uncertain)) or tuple(deciding[-1:]),
    }


def current_reports(reports: Sequence[AssessedReport], at: datetime, months: int) -> list[AssessedReport]:
    """Returns the reports of the last months, oldest first, and in any case the newest one that assesses the risk."""
    until = sorted((one for one in reports if one.reported_at <= at), key=lambda one: one.reported_at)
    first = months_before(london_date(at), months)
    assessed = [one for one in until if one.assessment != NOTHING]
    return [one for one in until if first <= london_date(one.reported_at) or one in assessed[-1:]]


def current_assessment(reports: Sequence[AssessedReport], parameters: Parameters) -> Assessment:
    """Returns one assessment: the highest grade, the form that decides most, each danger that was raised.

    `hub_grade` is that of the newest report only: the hub reviews each report anew.
    """
    assessments = [one.assessment for one in reports]
    form = deciding_form(assessments, parameters)
    grades = [grade for one in assessments if (grade := current_grade(one)) is not None]
    newest = [one.assessment for one in reports if one.id == reports[-1].id]
    reviewed = [one.hub_grade for one in newest if one.hub_grade is not None]
    together = {
        **{name: getattr(form, name) for name in _FORM},
        **{name: _standing(name, _stated(name, assessments)) for name in _RAISED},
        **{name: _standing(name, _newest_of_each_author(name, reports)) for name in _DONE},
        "judgement_reason": _reason(reports),
    }
    return Assessment(
        officer_grade=max(grades, key=GRADES.index, default=None),
        hub_grade=max(reviewed, key=GRADES.index, default=None),
        **together,
    )


def deciding_form(assessments: Sequence[Assessment], parameters: Parameters) -> Assessment:
    """Returns the form that reaches its threshold, else one whose unanswered questions could, else the most ticks.

    Of two alike it is the one that says more, and of these the newest.
    """

    def weight(form: Assessment) -> tuple[int, int, int]:
        threshold = tick_threshold(form.tool, parameters)
        ticks = settled_ticks(form, threshold)
        reached = 1 if ticks is None else 2 * (ticks >= threshold)
        return reached, form.ticks or 0, sum(getattr(form, name) not in (None, ()) for name in _FORM)

    forms = [one for one in reversed(assessments) if _has_form(one)]
    return max(forms, key=weight, default=NOTHING)


def _has_form(assessment: Assessment) -> bool:
    return any(getattr(assessment, name) is not None for name in _TOTALS)


def _may_reach(form: Assessment, parameters: Parameters) -> bool:
    return settled_ticks(form, tick_threshold(form.tool, parameters)) is None


def disputed_assessment(
    reports: Sequence[AssessedReport], settled: Mapping[str, datetime] | None = None
) -> tuple[str, ...]:
    """Returns the parts of the assessment that two authors state differently, as JSON pointers.

    What a reviewer settled is no difference until a later report.
    """
    by_author: dict[str, list[Assessment]] = {}
    for report in reports:
        by_author.setdefault(report.author, []).append(report.assessment)
    names = {
        name
        for name in (*_RAISED, *_DONE)
        if name not in _OF_ANSWERS and len(_newest_statements(name, by_author.values())) > 1
    }
    grades = {highest for of_author in by_author.values() if (highest := _highest(of_author)) is not None}
    graded = {"officer_grade"} if len(grades) > 1 else set()
    found = {f"/assessment/{name}" for name in names | graded}
    is_settled = {each for each, at in (settled or {}).items() if all(one.reported_at <= at for one in reports)}
    return tuple(sorted(found - is_settled))


def _newest_statements(name: str, by_author: Iterable[Sequence[Assessment]]) -> set[bool]:
    return {stated[-1] for of_author in by_author if (stated := _stated(name, of_author))}


def _highest(assessments: Iterable[Assessment]) -> Grade | None:
    grades = [grade for one in assessments if (grade := current_grade(one)) is not None]
    return max(grades, key=GRADES.index, default=None)


def _stated(name: str, assessments: Iterable[Assessment]) -> list[bool]:
    return [value for one in assessments if (value := getattr(one, name)) is not None]


def _newest_of_each_author(name: str, reports: Sequence[AssessedReport]) -> list[Any]:
    newest = {one.author: value for one in reports if (value := getattr(one.assessment, name)) is not None}
    return list(newest.values())


def _standing(name: str, stated: Sequence[bool]) -> bool | None:
    return more_protective(f"assessment.{name}", stated) if stated else None


def _reason(reports: Sequence[AssessedReport]) -> str | None:
    """Returns the newest reason for a judgement; None while an author judges without one."""
    reasons = {one.author: one.assessment.judgement_reason for one in reports if one.assessment.judgement_reason}
    if any(one.assessment.judged_high and one.author not in reasons for one in reports):
        return None
    return next(reversed(list(reasons.values())), None)


def _route(reports: Sequence[AssessedReport]) -> ReferralRoute | None:
    routes = [one.route for one in reports if one.route is not None]
    counting = [route for route in routes if route in ROUTES_THAT_COUNT]
    return max(counting, key=ROUTES_THAT_COUNT.index) if counting else next(reversed(routes), None)

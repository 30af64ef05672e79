"""Requests and responses about the assessments of reports."""

from datetime import date

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Shown, Strict, Text
from app.routing.policy.vocabulary import AnswerSource, AssessmentTool, DashAnswer
from app.vocabulary import Grade


class OwnAssessmentReview(Strict):
    """The grade that a named person of the reporting agency sets for its report, and why."""

    grade: Grade
    reason: Text


class AssessmentReviewRequest(OwnAssessmentReview):
    """The grade that a named person sets for one report, and why. Ticks and dangers stay as they were reported."""

    incident_id: Code | None = Field(
        default=None, description="The later incident whose assessment is reviewed; left out: that of the referral"
    )


class AssessmentReviewOut(Shown):
    """The grade that a named person set for a report."""

    grade: Grade
    reason: str
    reviewed_by: str
    reviewed_at: Instant


class ScoresOut(Shown):
    """How many answers are YES, on the list of 24 questions and on that of 27. They are two tests.

    Each is at least so many: a form of 24 does not ask three of the 27, and one of 27 asks elsewhere of hurt children.
    """

    of_24: int
    of_27: int


class AssessmentOut(Shown):
    """What one author assessed in one report, as it stands after every review of that report.

    `ticks` and `unanswered` are those of its answers, where it has any; `scores` is null where it has none.
    `incident_id` is null where the report is the referral itself.
    """

    incident_id: str | None
    author: str
    reported_at: Instant
    tool: AssessmentTool | None
    completed_on: date | None
    by_role: str | None
    source: AnswerSource | None
    answers: dict[str, DashAnswer]
    sdash: dict[str, DashAnswer]
    scores: ScoresOut | None
    ticks: int | None
    unanswered: int | None
    grade: Grade | None
    judged_high: bool | None
    reviews: list[AssessmentReviewOut]


class AssessmentsOut(Shown):
    """Every report of a referral with its own assessment, the oldest first."""

    items: list[AssessmentOut]

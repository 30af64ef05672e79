"""Risk assessments, each by its author."""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.routing.policy.vocabulary import AnswerSource, AssessmentTool, DashAnswer, ReferralRoute
from app.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class Assessment:
    """The risk assessment that came with the referral. One without answers is not a low one.

    `answers` and `sdash` are pairs of question and answer. `child_in_answers`, `child_harm_in_answers` and
    `broken_order_in_answers`: an answer tells of a child or another dependant, of one who was hurt or threatened, and
    of bail, an order or an agreement that was broken.
    """

    tool: AssessmentTool | None = None
    ticks: int | None = None
    unanswered: int | None = None
    officer_grade: Grade | None = None
    hub_grade: Grade | None = None
    judged_high: bool | None = None
    judgement_reason: str | None = None
    completed: bool | None = None
    seen: bool | None = None
    seen_alone: bool | None = None
    both_parties_seen: bool | None = None
    perpetrator_answered_phone: bool | None = None
    phone_taken: bool | None = None
    threats_to_kill: bool | None = None
    strangulation: bool | None = None
    weapon: bool | None = None
    stalking: bool | None = None
    coercive_control: bool | None = None
    separation: bool | None = None
    pregnancy: bool | None = None
    isolation: bool | None = None
    honour_based: bool | None = None
    forced_marriage: bool | None = None
    sexual_abuse: bool | None = None
    escalating: bool | None = None
    very_frightened: bool | None = None
    suicidal_threats_by_perpetrator: bool | None = None
    immigration_control: bool | None = None
    child_contact_conflict: bool | None = None
    answers: tuple[tuple[str, DashAnswer], ...] = ()
    sdash: tuple[tuple[str, DashAnswer], ...] = ()
    source: AnswerSource | None = None
    completed_on: date | None = None
    by_role: str | None = None
    child_in_answers: bool | None = None
    child_harm_in_answers: bool | None = None
    broken_order_in_answers: bool | None = None


@dataclass(frozen=True, slots=True)
class AssessedReport:
    """What one author assessed in one report: a referral, or an incident that was sent later.

    Two authors can assess one report; `id` is the same then.
    """

    id: str
    author: str
    reported_at: datetime
    assessment: Assessment = field(default_factory=Assessment)
    route: ReferralRoute | None = None

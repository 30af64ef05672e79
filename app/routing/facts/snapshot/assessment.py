"""Risk assessments, each by its author."""

from dataclasses import dataclass, field
from datetime import datetime

from app.routing.policy.vocabulary import AssessmentTool, ReferralRoute
from app.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class Assessment:
    """The risk assessment that came with the referral. One without answers is not a low one."""

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

"""The risk assessment, as its author made it."""

from typing import Annotated

from pydantic import Field, StrictInt

from app.foundation.web.schema import Strict, Text, Tri
from app.routing.policy.vocabulary import AssessmentTool
from app.vocabulary import Grade


class AssessmentIn(Strict):
    """The risk assessment. An unanswered question does not lower the risk."""

    tool: AssessmentTool | None = None
    ticks: Annotated[StrictInt | None, Field(ge=0, le=27)] = None
    unanswered: Annotated[StrictInt | None, Field(ge=0, le=27)] = None
    officer_grade: Grade | None = None
    hub_grade: Grade | None = None
    judged_high: Tri = None
    judgement_reason: Text | None = None
    completed: Tri = None
    seen: Tri = None
    seen_alone: Tri = None
    both_parties_seen: Tri = None
    perpetrator_answered_phone: Tri = None
    phone_taken: Tri = None
    threats_to_kill: Tri = None
    strangulation: Tri = None
    weapon: Tri = None
    stalking: Tri = None
    coercive_control: Tri = None
    separation: Tri = None
    pregnancy: Tri = None
    isolation: Tri = None

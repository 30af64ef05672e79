"""The risk assessment, as its author made it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StrictInt, ValidationInfo, field_validator

from app.foundation.web.schema import CivilDate, Code, Strict, Text, Tri, contradiction
from app.referrals.schemas.answers import DashAnswersIn, SdashAnswersIn
from app.routing.facts.answers.questions import FLAGS
from app.routing.facts.answers.reading import fault_of, fault_of_answers
from app.routing.policy.vocabulary import AnswerSource, AssessmentTool, DashAnswer
from app.vocabulary import Grade

READ_BESIDE_ANSWERS = ("ticks", "unanswered", *FLAGS)


class AssessmentIn(Strict):
    """The risk assessment. An unanswered question does not lower the risk.

    A total or a flag that the form's own answers contradict is refused.
    """

    # `tool` and `answers` come first: what follows is checked against them.
    tool: AssessmentTool | None = None
    answers: DashAnswersIn | None = Field(
        default=None,
        description="Each question's answer, for DASH24 and DASH27; ticks and flags follow from them. "
        "One left out is not answered",
    )
    sdash: SdashAnswersIn | None = None
    source: AnswerSource | None = Field(default=None, description="Who answered; the perpetrator's answers are no form")
    completed_on: CivilDate | None = Field(default=None, description="The day on which the form was filled in")
    by_role: Code | None = Field(default=None, description="The role of whoever filled it in, such as IDVA")
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
    honour_based: Tri = None
    forced_marriage: Tri = None
    sexual_abuse: Tri = None
    escalating: Tri = None
    very_frightened: Tri = None
    suicidal_threats_by_perpetrator: Tri = None
    immigration_control: Tri = None
    child_contact_conflict: Tri = None

    @field_validator("answers")
    @classmethod
    def _are_of_the_form(cls, answers: DashAnswersIn | None, info: ValidationInfo) -> DashAnswersIn | None:
        _refuse(fault_of_answers(info.data.get("tool"), answered(answers)) if "tool" in info.data else None)
        return answers

    @field_validator(*READ_BESIDE_ANSWERS)
    @classmethod
    def _agrees_with_answers(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - a count or a flag
        _refuse(fault_of(str(info.field_name), value, info.data.get("tool"), answered(info.data.get("answers"))))
        return value


def answered(section: DashAnswersIn | SdashAnswersIn | None) -> Mapping[str, DashAnswer]:
    """Returns the questions that the section answers, each with its answer."""
    given = {} if section is None else {name: getattr(section, name) for name in section.model_fields_set}
    return {name: answer for name, answer in given.items() if answer is not None}


def _refuse(fault: str | None) -> None:
    if fault is not None:
        raise contradiction(fault)

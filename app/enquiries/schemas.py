"""Requests and responses of enquiries."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StrictInt, field_validator

from app.enquiries.vocabulary import AnswerKind
from app.foundation.web.pagination import DEFAULT_LIMIT
from app.foundation.web.schema import Code, Instant, Line, Shown, Strict, Text
from app.vocabulary import Role

FactValue = StrictBool | StrictInt | Code


class EnquiryQuery(BaseModel):
    """The filters of a list of enquiries, joined by "and", and which page of it."""

    mine: bool = Field(default=False, description="Only those that your agency is to answer")
    case_id: Annotated[str | None, Field(max_length=100, description="Only those about this case")] = None
    open: bool | None = Field(default=True, description="With an open question; false: those without one")
    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=500)] = None


class AnswerIn(Strict):
    """What is known of one question.

    `VALUE` needs `value`; `NOTHING_RECORDED` needs `looked_in`; `CANNOT_FIND_OUT` needs `reason`; `PASSED_ON` needs
    `post` and `reason`. The hub's review (`hub_review`) needs a grade as `value`, its `reason`, and a named person.
    """

    fact: Code
    report_id: Code | None = Field(default=None, description="Which report, where the same is asked about several")
    kind: AnswerKind
    value: FactValue | None = None
    looked_in: Line | None = Field(default=None, description="The records that were searched")
    reason: Text | None = None
    post: Role | None = None


class AnswersRequest(Strict):
    """Answers to one or more questions of an enquiry. The others stay asked, and their clocks go on."""

    answers: Annotated[list[AnswerIn], Field(min_length=1, max_length=100)]

    @field_validator("answers")
    @classmethod
    def _each_once(cls, given: list[AnswerIn]) -> list[AnswerIn]:
        if len({(answer.fact, answer.report_id) for answer in given}) < len(given):
            raise ValueError("answer each question once")
        return given


class EnquiryItemOut(Shown):
    """One question, its clock, and its answer once there is one."""

    fact: str
    report_id: str | None
    ask: str
    decides: list[str]
    asked_at: Instant
    until: Instant
    lapsed_at: Instant | None = Field(description="When its clock ended unanswered and the case was decided anew")
    ended: str | None
    ended_at: Instant | None
    value: FactValue | None
    looked_in: str | None
    reason: str | None
    passed_to: str | None
    answered_by: str | None


class EnquiryOut(Shown):
    """What one post is asked about a case. `until` is the first clock to end; null when nothing is waited for.

    What the post cannot find out is asked no more, and its clock goes on. `agency` is null while nobody fills
    the post: the co-ordinator is reminded of it.
    """

    id: str
    case_id: str
    area: str
    role: str
    agency: str | None
    asked_at: Instant
    until: Instant | None
    items: list[EnquiryItemOut]


class EnquiryBriefOut(Shown):
    """An enquiry in short: who is asked for which facts, and until when the first answer is due."""

    id: str
    role: str
    agency: str | None
    until: Instant
    asks: list[str]

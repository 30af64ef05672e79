"""Finds more answers than an assessment has questions. The form or the count is wrong: both are named."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.foundation.errors import RequestFault
from app.routing.facts.possible_answers import MOST_QUESTIONS, QUESTIONS
from app.routing.policy.vocabulary import AssessmentTool


def impossible_counts(assessment: Mapping[str, Any] | None) -> Iterator[RequestFault]:
    """Yields a fault where ticks, or ticks and unanswered questions together, are more than the tool asks."""
    stated = assessment or {}
    asked = QUESTIONS.get(stated.get("tool") or AssessmentTool.OTHER, MOST_QUESTIONS)
    ticks, unanswered = stated.get("ticks") or 0, stated.get("unanswered") or 0
    if ticks > asked:
        yield RequestFault("/assessment/ticks", "too_many", f"the assessment has {asked} questions")
    elif ticks + unanswered > asked:
        yield RequestFault(
            "/assessment/unanswered", "too_many", f"ticks and unanswered are more than the {asked} questions asked"
        )


def forms_too_short(assessment: Mapping[str, Any] | None) -> Iterator[RequestFault]:
    """Yields a fault for the form that was named where it asks fewer questions than were counted."""
    tool = (assessment or {}).get("tool")
    if tool in QUESTIONS and any(impossible_counts(assessment)):
        yield RequestFault("/assessment/tool", "too_many", f"this form asks {QUESTIONS[tool]} questions")

"""Reads the totals of a form beside its answers, and refuses what cannot stand beside them."""

from collections.abc import Mapping
from typing import Any

from app.foundation.errors import Invalid, RequestFault
from app.referrals.schemas.assessment import READ_BESIDE_ANSWERS, AssessmentIn, answered
from app.routing.facts.answers.questions import QUESTIONS
from app.routing.facts.answers.reading import fault_of, fault_of_answers, of_form, ticks_of, unanswered_of
from app.routing.policy.vocabulary import AssessmentTool, DashAnswer

SECTIONS = frozenset({"answers", "sdash"})
_TOTALS = ("ticks", "unanswered")


def with_totals(stated: dict[str, Any]) -> dict[str, Any]:
    """Returns the assessment with the totals that its answers give.

    Totals that were sent before the answers were counted on paper: of ticks the more stands, as they are never lowered
    by what is not a person's word; what is left open is read from the answers.
    """
    answers = {question: DashAnswer(answer) for question, answer in (stated.get("answers") or {}).items()}
    tool = AssessmentTool(stated["tool"]) if stated.get("tool") else None
    if not answers or tool not in QUESTIONS:
        return stated
    ticks = max(ticks_of(of_form(tool, answers)), stated.get("ticks") or 0)
    return stated | {"ticks": ticks, "unanswered": unanswered_of(tool, answers)}


def refuse_beside_answers(sent: AssessmentIn, stands: AssessmentIn) -> None:
    """Raises `Invalid` when a total, a flag or the form cannot stand beside what its author answered before.

    `stands` is the author's assessment in the same report, with what was sent. A request with answers of its own was
    checked by itself; what a program answers lower is kept and not counted, and a danger that is raised after a no
    stands, so that no report is lost by it.
    """
    found = _faults(sent, stands, answered(sent.answers))
    if found:
        faults = [RequestFault(f"/assessment/{name}", "contradiction", why) for name, why in found.items()]
        raise Invalid("a part of the assessment contradicts the answers of the form; see `errors`", faults=faults)


def _faults(sent: AssessmentIn, stands: AssessmentIn, own: Mapping[str, DashAnswer]) -> dict[str, str]:
    tool, answers = stands.tool, {**answered(stands.answers), **own}
    beside = {name: getattr(sent, name) for name in READ_BESIDE_ANSWERS if not (own and name in _TOTALS)}
    found = {name: fault_of(name, value, tool, answers) for name, value in beside.items() if value is not True}
    if sent.tool is not None and not own:
        # The form changes under answers, or under totals, that were sent before.
        totals = stands.ticks if tool is AssessmentTool.DARA and "ticks" not in sent.model_fields_set else None
        found["tool"] = fault_of_answers(tool, answers) or fault_of("ticks", totals, tool, {})
    return {name: fault for name, fault in found.items() if fault is not None}

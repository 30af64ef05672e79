"""What a form's answers say: its totals on either list, and the flags that follow from them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.routing.facts.answers.questions import (
    BROKEN_ORDER,
    CHILD_OR_DEPENDANT,
    DASH24,
    DASH27,
    FEAR_OF_STALKING,
    FLAGS,
    HARM_TO_CHILDREN,
    QUESTIONS,
    STALKING_CONDUCT,
    WIDER_THAN_FLAG,
)
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.vocabulary import AssessmentTool, DashAnswer

Answered = Mapping[str, DashAnswer]
SETTLED = {DashAnswer.YES: True, DashAnswer.NO: False}


def questions_of(tool: AssessmentTool | None) -> tuple[str, ...]:
    """Returns the questions of the form; none where its list is not known here."""
    return QUESTIONS.get(tool, ()) if tool else ()


def of_form(tool: AssessmentTool | None, answers: Answered) -> Answered:
    """Returns the answers to questions of the form; all of them where its list is not known here.

    What its author answered on another form is kept, and is no tick of this one.
    """
    asked = questions_of(tool)
    return {question: answer for question, answer in answers.items() if question in asked} if asked else answers


def ticks_of(answers: Answered) -> int:
    """Returns how many questions were answered yes."""
    return sum(answer is DashAnswer.YES for answer in answers.values())


def unanswered_of(tool: AssessmentTool | None, answers: Answered) -> int:
    """Returns how many questions of the form were answered neither yes nor no, left out ones among them."""
    return sum(answers.get(question) not in SETTLED for question in questions_of(tool))


def scores_of(answers: Answered) -> tuple[int, int]:
    """Returns the yes answers among the 24 questions and among the 27: the same answers, two tests.

    A form of 24 never asked the other three, and counts a child who was hurt among others who were: each is "at least".
    """
    yes = {question for question, answer in answers.items() if answer is DashAnswer.YES}
    return len(yes.intersection(DASH24)), len(yes.intersection(DASH27))


def flag_from(answers: Answered, flag: str) -> bool | None:
    """Returns what the answers say of a flag; None where they leave it open."""
    return three_valued_or(SETTLED.get(answers.get(question, DashAnswer.NOT_ASKED)) for question in FLAGS[flag])


def read_answers(stated: Assessment) -> Assessment:
    """Returns the assessment with its totals and flags as its answers give them; an open answer leaves what is stated.

    Of what was stated before the answers, the more stands: more ticks, and a danger that one no would end. A form
    without a list of questions keeps what was stated.
    """
    answers, sdash = dict(stated.answers), dict(stated.sdash)
    if not answers and not sdash:
        return stated
    found: dict[str, Any] = {flag: _flag(stated, answers, flag) for flag in FLAGS}
    found["stalking"] = _or_stated(found["stalking"], _any_yes(sdash, STALKING_CONDUCT))
    found["very_frightened"] = _or_stated(found["very_frightened"], _any_yes(sdash, (FEAR_OF_STALKING,)))
    if answers and stated.tool in QUESTIONS:
        found |= {"ticks": max(ticks_of(of_form(stated.tool, answers)), stated.ticks or 0)}
        if None in (stated.ticks, stated.unanswered):  # else somebody has filled in what the answers leave open
            found["unanswered"] = unanswered_of(stated.tool, answers)
    return replace(
        stated,
        **found,
        child_in_answers=_any_yes(answers, CHILD_OR_DEPENDANT) or None,
        child_harm_in_answers=_any_yes(answers, HARM_TO_CHILDREN) or None,
        broken_order_in_answers=_any_yes(answers, (BROKEN_ORDER,)) or None,
    )


def _flag(stated: Assessment, answers: Answered, flag: str) -> bool | None:
    answered = flag_from(answers, flag)
    before: bool | None = getattr(stated, flag)
    return before if answered is None else answered or bool(before)


def _or_stated(known: bool | None, shown: bool) -> bool | None:
    return True if shown else known


def _any_yes(answers: Answered, questions: Iterable[str]) -> bool:
    return any(answers.get(question) is DashAnswer.YES for question in questions)


def fault_of(name: str, value: object, tool: AssessmentTool | None, answers: Answered) -> str | None:
    """Returns why a total or a flag cannot stand beside the answers of the same form; None where it can."""
    if name in {"ticks", "unanswered"}:
        return _fault_of_total(name, value, tool, answers)
    known = flag_from(answers, name) if name in FLAGS else None
    if known is None or value is None or known == value or (name in WIDER_THAN_FLAG and known):
        return None
    asked = ", ".join(f"`answers.{question}`" for question in FLAGS[name])
    return f"`{name}` and {asked} contradict each other: correct one of them"


def _fault_of_total(name: str, value: object, tool: AssessmentTool | None, answers: Answered) -> str | None:
    if value is None:
        return None
    if tool is AssessmentTool.DARA:
        return f"DARA is graded and has no ticks: leave `{name}` out and send `officer_grade`"
    if not answers or tool not in QUESTIONS:
        return None
    counted, what = (
        (ticks_of(of_form(tool, answers)), "YES") if name == "ticks" else (unanswered_of(tool, answers), "left open")
    )
    return None if value == counted else f"`{name}` is not the number of `answers` that are {what}: leave it out"


def fault_of_answers(tool: AssessmentTool | None, answers: Answered) -> str | None:
    """Returns why these answers cannot be of that form; None where they can."""
    if not answers:
        return None
    if tool is None:
        return "name the form in `tool`: the same answers give different totals on different forms"
    if tool not in QUESTIONS:
        return f"the questions of {tool} are not known here: send its grade, and answers only for DASH24 or DASH27"
    strange = sorted(answers.keys() - set(QUESTIONS[tool]))
    return f"{tool} has no question {', '.join(strange)}" if strange else None

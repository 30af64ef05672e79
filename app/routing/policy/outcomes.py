"""The questions that rules answer, in the order in which the engine answers them.

They are code: a policy says how to answer, and may not drop a question, add a value or change the order.
The first value of each is its answer when no rule holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MAPPA_STATES = ("none", "referable", "l1", "l1_escalating", "l2", "l3")
YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its possible answers, and which earlier answers its rules may read.

    `open_readings` are the answers that a policy may take while the question is open. With `rising`, more risk
    never lowers the answer, in the order of `values`. With `when_met`, nobody is asked on silence: while it is
    open only the rules that hold for certain count, and a named post finds out what decides it.
    """

    name: str
    values: tuple[str, ...]
    open_readings: tuple[str, ...]
    may_read: tuple[str, ...] = ()
    rising: bool = False
    when_met: bool = False


_FORUMS = ("marac", "matac", "mappa")
QUESTIONS: tuple[Question, ...] = (
    Question("marac", YES_NO, ("yes",), rising=True),
    # A forum for perpetrators that is asked about everybody helps nobody: it is asked on what is known.
    Question("matac", YES_NO, ("no",), rising=True, when_met=True),
    Question("mappa", MAPPA_STATES, ("none",), ("marac", "matac"), rising=True, when_met=True),
    Question("review", YES_NO, ("no",), _FORUMS, rising=True, when_met=True),
    Question("matac_barred", YES_NO, ("no",), _FORUMS),
    Question("iom", ("none", "supports", "owns"), ("none",), _FORUMS),
    Question("dapp", ("none", "supports", "leads"), ("none",), _FORUMS),
    Question("pdp", YES_NO, YES_NO, _FORUMS, rising=True),
    Question("custody", YES_NO, ("no",), _FORUMS),
    Question("youth", YES_NO, YES_NO, _FORUMS),
    Question("identified", ("yes", "no"), ("yes", "no"), _FORUMS),
    Question("child_victim", YES_NO, YES_NO, _FORUMS),
    Question("stands_aside", YES_NO, ("no",), _FORUMS),
)
QUESTIONS_BY_NAME: Mapping[str, Question] = {question.name: question for question in QUESTIONS}

WHEN_MET = tuple(question.name for question in QUESTIONS if question.when_met)


def primacy_row(marac: str, matac: str, mappa: str) -> int:
    """Returns the number, 1 to 24, of the situation in the published primacy table."""
    return 12 * (marac == "yes") + 6 * (matac == "yes") + MAPPA_STATES.index(mappa) + 1


def answer_while_open(question: Question, possible: tuple[str, ...], unknown_as: str, met: str) -> str:
    """Returns the answer that is taken while the question is open.

    It is the highest possible answer, but no higher than `unknown_as` unless all of them are higher. For a
    question that is asked `when_met` it is `met`, the answer of the rules that hold for certain, and no less than
    the least possible. `possible` is in the order of the question's values.
    """
    rank = question.values.index
    if question.when_met:
        return max(possible[0], met, key=rank)
    if rank(possible[0]) > rank(unknown_as):
        return possible[-1]
    return min(possible[-1], unknown_as, key=rank)

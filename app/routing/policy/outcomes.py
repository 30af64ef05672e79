"""The questions that rules answer, in the order in which the engine answers them.

They are code: a policy says how to answer, and may not drop a question, add a value or change the order.
The first value of each is its answer when no rule holds: the question is *not met*. Every other value is *met*.
A question that may be open has a third answer, `open`: some way in which the facts that are not known could turn
out would meet it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OPEN = "open"
MAPPA_STATES = ("none", "referable", "l1", "l1_escalating", "l2", "l3")
YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its possible values, and which earlier answers its rules may read.

    With `rising`, more risk never lowers the answer, in the order of `values`; more of the facts in `gives_way_to`
    may, because a statute then manages the person instead, or because only the end of a clock then asks MARAC, which
    says nothing of the perpetrator. A question that may not be open is not met while a fact
    that it reads is not known.
    """

    name: str
    values: tuple[str, ...]
    may_read: tuple[str, ...] = ()
    rising: bool = False
    may_be_open: bool = False
    gives_way_to: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer it can have: its values, and `open` after the first where it may be open."""
        return (self.values[0], OPEN, *self.values[1:]) if self.may_be_open else self.values


_FORUMS = ("marac", "matac", "mappa")
QUESTIONS: tuple[Question, ...] = (
    Question("marac", YES_NO, rising=True, may_be_open=True),
    Question("matac", YES_NO, rising=True, may_be_open=True),
    Question(
        "mappa", MAPPA_STATES, ("marac", "matac"), rising=True, may_be_open=True, gives_way_to=("marac_unanswered",)
    ),
    Question("review", YES_NO, _FORUMS, rising=True, gives_way_to=("marac_unanswered",)),
    Question("matac_barred", YES_NO, _FORUMS),
    Question("iom", ("none", "supports", "owns"), _FORUMS),
    Question("dapp", ("none", "supports", "leads"), _FORUMS),
    Question("pdp", YES_NO, _FORUMS, rising=True, gives_way_to=("mappa_level",)),
    Question("custody", YES_NO, _FORUMS),
    Question("youth", ("no", "under_age", "yes"), _FORUMS),
    Question("identified", ("yes", "no"), _FORUMS),
    Question("child_victim", YES_NO, _FORUMS),
    Question("stands_aside", YES_NO, _FORUMS),
)
QUESTIONS_BY_NAME: Mapping[str, Question] = {question.name: question for question in QUESTIONS}


def primacy_rows(marac: str, matac: str, mappa: str) -> tuple[int, ...]:
    """Returns the numbers, 1 to 24, of the rows of the primacy table that may apply: one when nothing is open."""
    return tuple(
        12 * at_marac + 6 * at_matac + at_mappa + 1
        for at_marac in _places(marac, YES_NO)
        for at_matac in _places(matac, YES_NO)
        for at_mappa in _places(mappa, MAPPA_STATES)
    )


def _places(answer: str, values: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(range(len(values))) if answer == OPEN else (values.index(answer),)

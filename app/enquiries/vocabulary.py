"""The words of enquiries. Words only."""

from enum import StrEnum


class AnswerKind(StrEnum):
    """What a post says of one question.

    VALUE: it was looked up, and this is it. NOTHING_RECORDED: it was looked for, and nothing is recorded.
    CANNOT_FIND_OUT: nobody can say, because of a reason; asking ends, and what the question decides stays open until
    its clock. PASSED_ON: another post is to answer.
    """

    VALUE = "VALUE"
    NOTHING_RECORDED = "NOTHING_RECORDED"
    CANNOT_FIND_OUT = "CANNOT_FIND_OUT"
    PASSED_ON = "PASSED_ON"


class QuestionEnd(StrEnum):
    """Why a question is asked no more."""

    ANSWERED = "ANSWERED"
    CANNOT_FIND_OUT = "CANNOT_FIND_OUT"
    PASSED_ON = "PASSED_ON"
    NO_LONGER_ASKED = "NO_LONGER_ASKED"


HUB_REVIEW = "hub_review"
"""The question that is the hub's review of a report: its grade, the reason, and who reviewed it."""
MARAC = "marac"
"""The outcome whose clock decides the case anew. A question names it in `decides`."""

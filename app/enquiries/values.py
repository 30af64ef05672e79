"""Whether an answer says what its kind needs, and as which value of the fact it counts. Pure."""

from collections.abc import Mapping

from app.enquiries.schemas import AnswerIn
from app.enquiries.vocabulary import HUB_REVIEW, AnswerKind
from app.foundation.errors import Invalid, RequestFault
from app.routing.policy.grammar import FLAG, NameType, describe_type, fits
from app.routing.policy.types import DutyTemplate, FactType, Value
from app.routing.policy.vocabulary import NOT_MANAGED
from app.vocabulary import Grade

NEEDS = {
    AnswerKind.VALUE: ("value",),
    AnswerKind.NOTHING_RECORDED: ("looked_in",),
    AnswerKind.CANNOT_FIND_OUT: ("reason",),
    AnswerKind.PASSED_ON: ("post", "reason"),
}
DUTY_NEEDS = {
    AnswerKind.VALUE: ("value", "reason"),
    AnswerKind.CANNOT_FIND_OUT: ("reason",),
}
REVIEW_NEEDS = {
    AnswerKind.VALUE: ("value", "reason"),
    AnswerKind.PASSED_ON: ("post", "reason"),
}
REVIEW = FactType(HUB_REVIEW, "choice", "the hub's grade", values=tuple(Grade))
_POSSIBLE = {
    True: "a review gives a grade, or is passed on to another post",
    False: "what a duty asks is the post's own: answer true or false with the reason, or say why nobody can",
}
MAPPA_LEVEL = "mappa_level"
FOUND_IN_RECORDS = frozenset(
    {
        MAPPA_LEVEL,
        "mappa_automatic",
        "conviction_or_caution",
        "supervised",
        "victim_supervised",
        "in_custody",
        "iom_registered",
        "matac_case_open",
        "dapp_case_open",
        "pdp_case_open",
        "repeat",
    }
)
"""The facts that are so only where a register says so: nothing recorded there means no.

For every other fact an empty search says nothing. No ticks found are not nought ticks, and no age is not nought years.
"""


def checked_value(answer: AnswerIn, fact: FactType | None, place: str) -> Value | None:
    """Returns the value that the answer gives the fact; None when it gives none.

    `place` is the JSON pointer of the answer. Raises `Invalid`, which names the field that is missing or not possible.
    """
    asked = REVIEW if answer.fact == HUB_REVIEW else fact
    if asked is None:
        raise invalid_answer(f"{place}/fact", "unknown", "the policy in force has no such fact")
    needs = _needs(asked).get(answer.kind)
    if needs is None:
        raise invalid_answer(f"{place}/kind", "not_possible", _POSSIBLE[asked is REVIEW])
    _refuse_missing_or_stray(answer, needs, place)
    match answer.kind:
        case AnswerKind.VALUE:
            return _possible_value(answer, asked, place)
        case AnswerKind.NOTHING_RECORDED:
            return _value_of_nothing(asked, place)
        case _:
            return None


def asked_by_duty(duty: DutyTemplate) -> FactType:
    """Returns what a duty of the kind `enquiry` asks: yes or no, with what was found."""
    return FactType(duty.id, FLAG, duty.do)


def _needs(asked: FactType) -> Mapping[AnswerKind, tuple[str, ...]]:
    if asked is REVIEW:
        return REVIEW_NEEDS
    # No fact of the policy is asked without saying who finds it out: this is the question of a duty.
    return DUTY_NEEDS if asked.find_out is None else NEEDS


def _refuse_missing_or_stray(answer: AnswerIn, needs: tuple[str, ...], place: str) -> None:
    for name in needs:
        if getattr(answer, name) is None:
            raise invalid_answer(f"{place}/{name}", "missing", f"{answer.kind} needs `{name}`")
    for name in ("value", "post"):
        if getattr(answer, name) is not None and name not in needs:
            raise invalid_answer(f"{place}/{name}", "not_possible", f"{answer.kind} takes no `{name}`")


def _possible_value(answer: AnswerIn, fact: FactType, place: str) -> Value:
    allowed = NameType(fact.kind, fact.low, fact.high, fact.values)
    if answer.value is None or not fits(answer.value, allowed):
        raise invalid_answer(f"{place}/value", "not_possible", f"the fact is {describe_type(allowed)}{_nought(answer)}")
    return answer.value


def _nought(answer: AnswerIn) -> str:
    if answer.fact != MAPPA_LEVEL or str(answer.value) != "0":
        return ""
    return (
        "; 0 means unknown in Delius: say `not_managed` where MAPPA is known not to manage them, else CANNOT_FIND_OUT"
    )


def _value_of_nothing(fact: FactType, place: str) -> Value:
    if fact.name in FOUND_IN_RECORDS and fact.kind == FLAG:
        return False
    if fact.name in FOUND_IN_RECORDS and NOT_MANAGED in fact.values:
        return NOT_MANAGED
    raise invalid_answer(f"{place}/kind", "not_possible", "that nothing is recorded says nothing here; send a value")


def invalid_answer(pointer: str, code: str, detail: str) -> Invalid:
    """Returns the refusal of an answer, which names its field and repeats no value."""
    return Invalid("an answer cannot be taken; see `errors`", faults=[RequestFault(pointer, code, detail)])

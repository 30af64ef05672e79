"""Names the signs of danger that somebody reported, in words, whatever met a forum's criteria."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.routing.facts.answers.scores import form_scores
from app.routing.facts.dates import london_date, utc
from app.routing.facts.orders import breached_lately
from app.routing.facts.protection.affected import AgeCheck, child_affected
from app.routing.facts.reports.current import with_current_reports
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.labels import ORDER_NAMES
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Value
from app.routing.policy.vocabulary import OrderKind

_BEFORE_A_BREACH = {
    "strangulation": "strangulation",
    "threats_to_kill": "threats to kill",
    "separation": "separation",
    "pregnancy": "pregnancy",
}
_AFTER_CHILDREN = {
    "weapon": "a weapon",
    "stalking": "stalking",
    "sexual_abuse": "sexual abuse",
    "honour_based": "honour-based abuse",
    "forced_marriage": "forced marriage",
    "escalating": "getting worse or more often",
    "very_frightened": "the victim is very frightened",
    "suicidal_threats_by_perpetrator": "threats of suicide by the perpetrator",
    "coercive_control": "coercive control",
    "immigration_control": "control through immigration status",
    "child_contact_conflict": "conflict over contact with a child",
    "isolation": "isolation",
    "phone_taken": "telephone taken",
    "perpetrator_answered_phone": "perpetrator answers the telephone",
}


def danger_signs(case: CaseSnapshot, instant: datetime, parameters: Mapping[str, Value]) -> tuple[str, ...]:
    """Returns the signs that were stated in a current report and not denied by its author, in a fixed order.

    Before them, how many questions of a form were answered yes, on both of its lists.
    """
    typed = Parameters(parameters)
    current = with_current_reports(case, utc(instant), typed)
    return tuple(_signs(current, AgeCheck(london_date(instant), typed)))


def _signs(case: CaseSnapshot, ages: AgeCheck) -> Iterator[str]:
    yield from form_scores(case.assessment)
    yield from _stated(case, _BEFORE_A_BREACH)
    breached = {order.kind for order in case.orders or () if breached_lately(order, ages.on)}
    yield from (f"breach of {ORDER_NAMES[kind]}" for kind in OrderKind if kind in breached)
    if case.ongoing_event:
        yield "the event is going on now"
    if case.perpetrator.breach_suspected:
        yield "a suspected breach"
    if any(child_affected(child, ages) is not False for child in case.children or ()):
        yield "children"
    yield from _stated(case, _AFTER_CHILDREN)


def _stated(case: CaseSnapshot, words: dict[str, str]) -> Iterator[str]:
    return (sign for name, sign in words.items() if getattr(case.assessment, name) is True)

"""Adds to an action what the facts say beside the words of the policy: whom to ask, and who that is by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from app.foundation.clock import london_date
from app.intake.particulars.children import for_council, for_setting, for_social_care
from app.referrals.supervision import PerpetratorServices
from app.routing.facts.protection.affected import AgeCheck
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.status import claim_is_proved
from app.routing.facts.supervision import running
from app.routing.policy.duty_ids import (
    BEFORE_COURT,
    CHILDREN_REFERRAL,
    CHILDREN_REPORT_WALES,
    CLAIM_CHECK,
    DISCLOSURE_CHECK,
    DISCLOSURE_DECISION,
    DISCLOSURE_DECISION_WORKING,
    DISCLOSURE_MADE,
    DISCLOSURE_MEETING,
    HOME_NOTICE,
    LEVEL_1_DUTIES,
    MARAC_REFERRAL,
    SCHOOL_NOTICE,
    SHARING_REASON,
    WORD_TO_SUPERVISOR,
)
from app.routing.policy.labels import ORDER_NAMES, in_words
from app.routing.policy.parameters import Parameters

_Words: TypeAlias = Callable[[CaseSnapshot, datetime], Iterator[str]]
_WordsOfChildren: TypeAlias = Callable[[CaseSnapshot, AgeCheck], Iterator[str]]


def particulars(
    duty_id: str, snapshot: CaseSnapshot, services: PerpetratorServices, now: datetime, parameters: Parameters
) -> str:
    """Returns what follows the words of the duty; empty where the facts say nothing more.

    Whoever gives word reaches the services that have no access here.
    """
    added: list[str] = []
    if duty_id in _OF_DUTY:
        added += _OF_DUTY[duty_id](snapshot, now)
    if duty_id in _OF_CHILDREN:
        added += _OF_CHILDREN[duty_id](snapshot, AgeCheck(london_date(now), parameters))
    if duty_id == WORD_TO_SUPERVISOR:
        added += [f"{name} is named and has no access here: reach it directly" for name in services.not_here]
    return _in_brackets(added)


def words_of_notice(duty_id: str, snapshot: CaseSnapshot, ages: AgeCheck) -> str:
    """Returns what follows the words of a notice about children (`PLACES_THE_VICTIM`)."""
    return _in_brackets(_OF_CHILDREN[duty_id](snapshot, ages))


def _in_brackets(words: Iterable[str]) -> str:
    sentence = "; ".join(words)
    return f" ({sentence})" if sentence else ""


def _claims(snapshot: CaseSnapshot, now: datetime) -> Iterator[str]:
    for claim in snapshot.claims:
        if not claim_is_proved(snapshot, claim, now):
            contact = f", contact {claim.contact}" if claim.contact else ""
            yield f"{claim.forum}, as {claim.claimed_by} says{contact}"


def _practitioners(snapshot: CaseSnapshot, now: datetime) -> Iterator[str]:
    named = (one.practitioner for one in running(snapshot.perpetrator, london_date(now)))
    yield from (f"practitioner {name}" for name in dict.fromkeys(named) if name)


def _lead_post(snapshot: CaseSnapshot, _: datetime) -> Iterator[str]:
    if snapshot.perpetrator.mappa.lead_post:
        yield f"the post that manages the perpetrator: {snapshot.perpetrator.mappa.lead_post}"


def _referrer(snapshot: CaseSnapshot, _: datetime) -> Iterator[str]:
    attends = snapshot.contact.referrer_attends
    if attends is not None:
        yield "the referrer presents the case" if attends else "the referrer does not attend: read out what they sent"


def _grounds(snapshot: CaseSnapshot, _: datetime) -> Iterator[str]:
    grounds = [in_words(ground) for ground in snapshot.contact.sharing_grounds]
    if grounds:
        yield f"on the ground of {', '.join(grounds)}: say why it is necessary and proportionate"


def _request(snapshot: CaseSnapshot, _: datetime) -> Iterator[str]:
    """Yields the police's number of the disclosure request and how it began; nothing of what may be disclosed."""
    request = snapshot.disclosure
    if request is not None and request.route is not None:
        yield in_words(request.route)
    if request is not None and request.reference is not None:
        yield f"request {request.reference}"


def _court_dates(snapshot: CaseSnapshot, now: datetime) -> Iterator[str]:
    today = london_date(now)
    for order in snapshot.orders or ():
        if order.court_date is not None and today <= order.court_date:
            yield f"{ORDER_NAMES[order.kind]} on {order.court_date.isoformat()}"


_OF_CHILDREN: Mapping[str, _WordsOfChildren] = {
    SCHOOL_NOTICE: for_setting,
    HOME_NOTICE: for_council,
    CHILDREN_REFERRAL: for_social_care,
    CHILDREN_REPORT_WALES: for_social_care,
}
_OF_DUTY: Mapping[str, _Words] = {
    CLAIM_CHECK: _claims,
    WORD_TO_SUPERVISOR: _practitioners,
    MARAC_REFERRAL: _referrer,
    SHARING_REASON: _grounds,
    DISCLOSURE_CHECK: _request,
    DISCLOSURE_MEETING: _request,
    DISCLOSURE_DECISION: _request,
    DISCLOSURE_DECISION_WORKING: _request,
    DISCLOSURE_MADE: _request,
    BEFORE_COURT: _court_dates,
    **dict.fromkeys(LEVEL_1_DUTIES, _lead_post),
}
PLACES_THE_VICTIM = frozenset({SCHOOL_NOTICE, HOME_NOTICE})
"""Duties whose words say where a child is found. Only their owner, their recipient and MARAC read them."""

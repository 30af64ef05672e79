"""Finds days and instants that cannot be: what has happened lies in the past, and nothing ends before it begins."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, product
from typing import Any

from app.foundation.clock import london_date
from app.foundation.errors import RequestFault
from app.referrals.impossible.request_parts import is_day, leaves, sections

CLOCKS_APART = timedelta(minutes=5)
"""How far the clock of a sender may be ahead of ours."""
LONGEST_PREGNANCY = timedelta(days=310)
"""How far ahead a day of birth can be expected: about ten months."""
HAS_HAPPENED = frozenset(
    {
        "age_as_of",
        "applied_on",
        "assessed_on",
        "checked_on",
        "completed_on",
        "confirmed_at",
        "convicted_on",
        "decided_on",
        "encompass_told_at",
        "last_contact_on",
        "last_heard_on",
        "last_referral_on",
        "last_reviewed_on",
        "met_on",
        "observed_on",
        "occurred_at",
        "referred_on",
        "reported_at",
        "rfgv_scored_on",
        "separated_on",
        "told_on",
    }
)
"""The fields of what has happened: a day or an instant there is not ahead of us."""
MAY_BE_AHEAD = frozenset(
    {
        "court_date",
        "dapp_since",
        "due_on",
        "early_release_on",
        "ends_on",
        "expires_on",
        "from_on",
        "iom_since",
        "matac_since",
        "next_review_on",
        "notification_ends_on",
        "pdp_since",
        "release_on",
        "sentence_ended_on",
        "started_on",
        "starts_on",
        "unborn_due_on",
        "until_on",
    }
)
"""The fields of what is planned or runs on. Every field with a day stands here or in `HAS_HAPPENED`."""
_STEPS = ("applied_on", "checked_on", "met_on", "decided_on", "told_on")
IN_ORDER = (
    ("starts_on", "ends_on"),
    ("from_on", "until_on"),
    ("convicted_on", "sentence_ended_on"),
    *combinations(_STEPS, 2),
)
"""Pairs of fields of one part: the second is never before the first."""


def impossible_dates(document: dict[str, Any], now: datetime) -> Iterator[RequestFault]:
    """Yields a fault for each day or instant of the request, sent now, that cannot be."""
    yield from _in_the_future(document, now)
    yield from _reversed(document)
    yield from _reported_before_it_occurred(document)
    yield from _released_before_taken_in(document)
    yield from _assessed_after_the_report(document)
    yield from _due_too_late(document, london_date(now))
    yield from _broken_before_it_began(document, london_date(now))
    yield from _referred_before_every_incident(document)


def _due_too_late(document: dict[str, Any], today: date) -> Iterator[RequestFault]:
    for pointer, name, value in leaves(document):
        if name in {"due_on", "unborn_due_on"} and is_day(value) and value > today + LONGEST_PREGNANCY:
            yield RequestFault(pointer, "in_the_future", "no pregnancy that is known today lasts until then")


def _broken_before_it_began(document: dict[str, Any], today: date) -> Iterator[RequestFault]:
    for place, order in enumerate(document.get("orders") or ()):
        if order.get("breached") and _before(today, order.get("starts_on")):
            places = f"/orders/{place}/starts_on", f"/orders/{place}/breached"
            yield from _contradiction("an order that has not started is not breached", *places)


def _referred_before_every_incident(document: dict[str, Any]) -> Iterator[RequestFault]:
    first = min((london_date(one["occurred_at"]) for one in document.get("incidents") or ()), default=None)
    if _before(document.get("referred_on"), first):
        places = "/referred_on", "/incidents/0/occurred_at"
        yield from _contradiction("the referral was made before any incident of it happened", *places)


def _in_the_future(document: dict[str, Any], now: datetime) -> Iterator[RequestFault]:
    latest = now + CLOCKS_APART
    today = london_date(latest)
    for pointer, name, value in leaves(document):
        if name == "birth_year" and value is not None and value > today.year:
            yield RequestFault(pointer, "in_the_future", "this year has not come")
        if name not in HAS_HAPPENED:
            continue
        if (is_day(value) and value > today) or (isinstance(value, datetime) and value > latest):
            yield RequestFault(pointer, "in_the_future", "this lies in the future; state what has happened")


def _reversed(document: dict[str, Any]) -> Iterator[RequestFault]:
    for (pointer, fields), (first, last) in product(sections(document), IN_ORDER):
        if _before(fields.get(last), fields.get(first)):
            yield from _contradiction(f"`{last}` is before `{first}`", f"{pointer}/{first}", f"{pointer}/{last}")


def _contradiction(says: str, *pointers: str) -> Iterator[RequestFault]:
    return (RequestFault(pointer, "contradiction", f"{says}; correct one of them") for pointer in pointers)


def _before(one: Any, other: Any) -> bool:  # noqa: ANN401 - dates, or not stated
    return one is not None and other is not None and one < other


def _reported_before_it_occurred(document: dict[str, Any]) -> Iterator[RequestFault]:
    for pointer, fields in sections(document):
        occurred, reported = fields.get("occurred_at"), fields.get("reported_at")
        if _before(reported, occurred and occurred - CLOCKS_APART):
            yield RequestFault(
                f"{pointer}/reported_at", "before_it_occurred", "nobody reports an event before it occurs"
            )


def _released_before_taken_in(document: dict[str, Any]) -> Iterator[RequestFault]:
    """Yields a fault for a release before the custody that it ends: the period without an end, else every one."""
    person = document.get("perpetrator") or {}
    release, periods = person.get("release_on"), person.get("custody_periods") or ()
    running = [one["from_on"] for one in periods if one.get("until_on") is None]
    began = min(running or (one["from_on"] for one in periods), default=None)
    if _before(release, began):
        places = "/perpetrator/custody_periods", "/perpetrator/release_on"
        yield from _contradiction("the release is before the custody that it ends", *places)


def _assessed_after_the_report(document: dict[str, Any]) -> Iterator[RequestFault]:
    completed = (document.get("assessment") or {}).get("completed_on")
    if _before(document.get("referred_on"), completed):
        places = "/referred_on", "/assessment/completed_on"
        yield from _contradiction("an assessment that comes with a report was completed before it", *places)

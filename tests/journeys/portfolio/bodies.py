"""Makes the body of a post from the words of a row: days ago become dates, and what is left out stays left out."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from tests.given import a_referral

Row = dict[str, Any]
BASE: Row = a_referral(victim={"ref": "V-1"}, perpetrator={"ref": "P-1"}, assessment={}, incidents=[{"days_ago": 1}])
DATES: Mapping[str, tuple[str, int]] = {
    "days_ago": ("convicted_on", -1),
    "days_left": ("ends_on", 1),
    "last_referral_days_ago": ("last_referral_on", -1),
    "last_heard_days_ago": ("last_heard_on", -1),
    "next_review_days_ago": ("next_review_on", -1),
    "applied_days_ago": ("applied_on", -1),
    "checked_days_ago": ("checked_on", -1),
    "met_days_ago": ("met_on", -1),
    "decided_days_ago": ("decided_on", -1),
    "court_days_left": ("court_date", 1),
    "due_days_left": ("unborn_due_on", 1),
}
"""A number of days in a row: the date that a request states instead, and whether it is past or to come."""
INCIDENT_WORDS = {"number": "source_reference", "victim": "victim_ref", "perpetrator": "perpetrator_ref"}
AT_NIGHT = time(21)


def merged(base: Row, changes: Row) -> Row:
    """The base with the changes laid over it, table by table; "-" takes a field away."""
    body = dict(base)
    for name, value in changes.items():
        if value == "-":
            body.pop(name, None)
        elif isinstance(value, dict) and isinstance(body.get(name), dict):
            body[name] = merged(body[name], value)
        else:
            body[name] = value
    return body


def body_of(words: Row, first: datetime, now: datetime) -> Row:
    """The body of a request posted `now`. The incident of the base is the one before the first post, each time."""
    base = BASE | {"incidents": [{"at": _night(first, 1)}]}
    body: Row = _dated(merged(base, {k: v for k, v in words.items() if k != "incidents"}), now)
    return body | {"incidents": [_incident(one, now) for one in (base | words)["incidents"]]}


def _incident(words: Row, now: datetime) -> Row:
    at = words["at"] if "at" in words else _night(now, words["days_ago"])
    told = {INCIDENT_WORDS.get(k, k): v for k, v in words.items() if k not in {"at", "days_ago"}}
    return {"force": "ANYTOWN-POLICE", "occurred_at": at, "reported_at": at} | told


def _night(now: datetime, days_ago: int) -> str:
    on = now.date() - timedelta(days=days_ago)
    return datetime.combine(on, AT_NIGHT, UTC).isoformat().replace("+00:00", "Z")


def _dated(value: Any, now: datetime) -> Any:
    if isinstance(value, list):
        return [_dated(each, now) for each in value]
    if not isinstance(value, dict):
        return value
    body = {}
    for name, each in value.items():
        if name in DATES:
            stated, sign = DATES[name]
            body[stated] = (now.date() + sign * timedelta(days=each)).isoformat()
        else:
            body[name] = _dated(each, now)
    return body

"""Refuses a request that states what cannot be. The instant of receipt is an argument: no schema reads a clock."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.foundation.clock import london_date
from app.foundation.errors import Invalid, RequestFault
from app.referrals.impossible.counts import forms_too_short, impossible_counts
from app.referrals.impossible.dates import impossible_dates
from app.referrals.impossible.people import Couple, impossible_people
from app.referrals.impossible.request_parts import stated


def refuse_impossible(sent: BaseModel, couple: Couple, now: datetime) -> None:
    """Raises `Invalid` with the JSON pointer of each statement about these two people that cannot be true now."""
    document = stated(sent)
    _refuse(
        [
            *impossible_dates(document, now),
            *impossible_people(document, couple, london_date(now)),
            *impossible_counts(document.get("assessment")),
            *forms_too_short(document.get("assessment")),
        ]
    )


def refuse_impossible_counts(assessment: Mapping[str, Any]) -> None:
    """Raises `Invalid` where an assessment, with what its author stated of it before, counts too many answers."""
    _refuse(impossible_counts(assessment))


def _refuse(faults: Iterable[RequestFault]) -> None:
    found = list(faults)
    if found:
        raise Invalid("the request states what cannot be; see `errors`", faults=found)

"""Counts requests for a token against the limits of calls, and says when one is too many."""

from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from app.access.admission import address_of
from app.foundation.settings import Settings
from app.throttle.limits import LimitUse, client_limit, failure_limit
from app.throttle.service import count_call, failures_at, subject_of


def count_request_of(session: Session, request: Request, client_id: str, now: datetime) -> LimitUse:
    """Counts a request of a client that was proved as one of its calls."""
    return count_call(session, {subject_of("client", client_id): client_limit(_settings(request))}, now)[0]


def count_failure(session: Session, request: Request, now: datetime) -> LimitUse:
    """Counts a request that proved nobody to the failures of its address, together with calls that proved nobody."""
    return count_call(session, {failures_at(address_of(request)): failure_limit(_settings(request))}, now)[0]


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings

"""Counts a call against the limits of whoever makes it, and refuses the one that is too many."""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.errors import TooManyCalls
from app.throttle import repository
from app.throttle.limits import Limit, LimitUse, limit_headers

KEPT = timedelta(days=1)
A_BATCH = 1000


def subject_of(kind: str, words: str) -> str:
    """Returns under what somebody is counted. A digest: the table holds neither addresses nor names."""
    return f"{kind} {hashlib.sha256(words.encode()).hexdigest()[:32]}"


def network_of(address: str) -> str:
    """Returns what counts as one address: an IPv6 subscriber has a whole /64 to call from."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    # A socket of both kinds shows a caller of IPv4 in this form.
    return str(read.ipv4_mapped or ipaddress.ip_network((read, 64), strict=False))


def failures_at(address: str) -> str:
    """Returns under what failures to prove who calls are counted."""
    return subject_of("failures", network_of(address))


def failed_sign_ins_at(address: str) -> str:
    """Returns under what sign-ins that failed are counted: a system with a wrong key keeps nobody from signing in."""
    return subject_of("failed sign-ins", network_of(address))


def refusals_at(address: str) -> str:
    """Returns under what refusals are counted that no caller is known for and that lock nobody out."""
    return subject_of("refusals", network_of(address))


def sign_ins_at(address: str) -> str:
    """Returns under what sign-ins are counted."""
    return subject_of("sign-in", network_of(address))


def count_call(session: Session, limits: Mapping[str, Limit], now: datetime) -> list[LimitUse]:
    """Counts one call of each subject, and returns how each stands. Raises nothing, so that the count is kept."""
    return repository.count_call(session, limits, now)


def refuse_when_spent(uses: Sequence[LimitUse], now: datetime) -> None:
    """Raises `TooManyCalls` when a limit is spent, with the time to wait."""
    spent = [one for one in uses if one.spent]
    if not spent:
        return
    wait = max(one.seconds_left(now) for one in spent)
    refusal = TooManyCalls(
        f"the limit {', '.join(one.limit.name for one in spent)} is spent; send the same request again in {wait} s",
        retry_after=wait,
        # Of a thousand refusals of one window the first is on record, not all.
        is_first=any(one.just_spent for one in spent),
    )
    refusal.headers |= limit_headers(uses, now)
    raise refusal


def lock_out_of(session: Session, subject: str, limit: Limit, now: datetime) -> TooManyCalls | None:
    """Returns the refusal while the failures of the present window are at the limit, and counts this attempt to them.

    Raises nothing, so that the count is kept.
    """
    use = repository.use_of(session, subject, limit)
    if use is None or use.calls < limit.most or not use.goes_on(now):
        return None
    return locked_out(repository.count_call(session, {subject: limit}, now)[0], now)


def locked_out(use: LimitUse, now: datetime) -> TooManyCalls:
    """Returns the refusal of an address that has failed too often."""
    wait = use.seconds_left(now)
    return TooManyCalls(
        f"too many calls from this address proved nobody; a call without a valid key is refused for {wait} s",
        code="locked-out",
        retry_after=wait,
        is_first=use.just_spent,
    )


def forget_old_counts(session: Session, now: datetime) -> int:
    """Deletes counts that no window needs any more. Returns how many."""
    return repository.forget_counts(session, now - KEPT, A_BATCH)

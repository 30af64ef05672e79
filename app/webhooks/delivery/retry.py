"""When the next attempt is, or never. Pure: whole seconds, no randomness, no clock of its own.

The waits after the first failure, second, and so on: 5 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, about
76 hours in all, each moved by up to a fifth either way so that many failures do not return as one burst.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zlib import crc32

WAITS = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
PROBE_WAITS = (60, 120, 240, 480, 900)
JITTER_PER_MILLE = 200
MOST_RETRY_AFTER_DIGITS = 9


def wait_after(tries: int, spread_by: str, asked_seconds: int | None = None) -> int | None:
    """Returns the whole seconds from the `tries`-th failure to the next attempt; None when there is none.

    `asked_seconds` is the receiver's `Retry-After`. It is honoured between once and twice the step: a receiver may
    ask for patience, not for silence. `spread_by` (the delivery's id) always gives the same jitter.
    """
    if tries > len(WAITS):
        return None
    step = WAITS[tries - 1]
    # A checksum instead of a random number: a retry that is computed twice falls at the same second.
    per_mille = 1_000 - JITTER_PER_MILLE + crc32(f"{spread_by}:{tries}".encode()) % (2 * JITTER_PER_MILLE + 1)
    jittered = max(1, step * per_mille // 1_000)
    return jittered if asked_seconds is None else min(max(asked_seconds, step), 2 * step)


def probe_wait(step: int) -> int:
    """Returns the whole seconds until an open breaker lets one call through: 1, 2, 4, 8, then every 15 minutes."""
    return PROBE_WAITS[min(step, len(PROBE_WAITS)) - 1]


def seconds_asked(retry_after: str | None, now: datetime) -> int | None:
    """Returns the seconds that a `Retry-After` header asks for; None when it says nothing usable."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:MOST_RETRY_AFTER_DIGITS])  # a header of thousands of digits must not cost time
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    try:
        return max(0, int((aware - now).total_seconds()))
    except OverflowError:
        return None

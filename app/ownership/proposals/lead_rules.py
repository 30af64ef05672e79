"""The rules of asking a forum to lead. Pure: no database, no clock.

A forum owns a need only once it accepts (I2); "managed elsewhere" is a claim to be checked (I3); a forum that
declined is not asked again on the same facts (I5); a forum that accepted stays (`routing.record.owners`). Source: DHR
"Jean" 14.2.2-14.2.6.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from app.routing.record.owners import BESIDE_MARAC, Standing, outranks
from app.vocabulary import DeclineCode, Forum, NeedKind


class Candidate(Protocol):
    """A forum that can be asked to lead."""

    @property
    def forum(self) -> Forum: ...


def may_replace(kind: str, owner: str, accepting: str) -> bool:
    """Returns whether an acceptance may move the need whatever the owner rests on: of a perpetrator never down."""
    return kind != NeedKind.PERPETRATOR or not outranks(owner, accepting)


def stays_asked(kind: str, accepted: str, other: str) -> bool:
    """Returns whether a forum that waits to answer is still asked once another has accepted.

    MARAC's acceptance settles who has the victim, but for a child: otherwise whoever accepts last would own.
    """
    if kind == NeedKind.VICTIM_SAFETY:
        return accepted != Forum.MARAC or other in BESIDE_MARAC
    return may_replace(kind, accepted, other)


def claim_holds(code: DeclineCode, claimed: str | None, owner: str) -> bool | None:
    """Returns whether "managed elsewhere" is true: the claimed forum owns this need by its acceptance.

    None for every other code. Always false for MARAC and a perpetrator: MARAC hears a case once and discharges it.
    """
    if code is not DeclineCode.MANAGED_ELSEWHERE:
        return None
    # By the acceptances on record: in the review everybody believed that another process managed the perpetrator.
    return claimed == owner and claimed != Forum.MARAC


def next_candidate(candidates: Sequence[Candidate], asked: Collection[str], now: Standing) -> Candidate | None:
    """Returns the first candidate that has not been asked on these facts and that may be asked as the need stands."""
    for candidate in candidates:
        if candidate.forum not in asked and now.may_be_asked(candidate.forum):
            return candidate
    return None

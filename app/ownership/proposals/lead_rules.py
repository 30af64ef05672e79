"""The rules of asking a forum to lead. Pure: no database, no clock.

A forum owns a need only once it accepts (I2); "managed elsewhere" is a claim to be checked (I3); a forum that
declined is not asked again on the same facts (I5). Source: DHR "Jean" 14.2.2-14.2.6; the order is a product
default [I].
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from app.vocabulary import DeclineCode, Forum, NeedKind

PERPETRATOR_ORDER = (
    Forum.MAPPA_L3,
    Forum.MAPPA_L2,
    Forum.PRISON_OMU,
    Forum.YOUTH_JUSTICE,
    Forum.CHILDRENS_SOCIAL_CARE,
    Forum.MAPPA_L1_LEAD_AGENCY,
    Forum.SUPERVISING_SERVICE,
    Forum.IOM,
    Forum.MATAC,
    Forum.DAPP,
    Forum.PDP,
    Forum.HUB,
)


class Candidate(Protocol):
    """A forum that can be asked to lead."""

    @property
    def forum(self) -> Forum: ...


def outranks(one: str, other: str) -> bool:
    """Returns whether `one` comes before `other` in the order of perpetrator management."""
    order = [str(forum) for forum in PERPETRATOR_ORDER]
    return one in order and other in order and order.index(one) < order.index(other)


def may_replace(kind: str, owner: str, accepting: str) -> bool:
    """Returns whether an acceptance may move the need: a perpetrator's never down the order, victim safety always."""
    return kind != NeedKind.PERPETRATOR or not outranks(owner, accepting)


def claim_holds(code: DeclineCode, claimed: str | None, owner: str) -> bool | None:
    """Returns whether "managed elsewhere" is true: the claimed forum owns this need by its acceptance.

    None for every other code. Always false for MARAC and a perpetrator: MARAC hears a case once and discharges it.
    """
    if code is not DeclineCode.MANAGED_ELSEWHERE:
        return None
    # By the acceptances on record: in the review everybody believed that another process managed the perpetrator.
    return claimed == owner and claimed != Forum.MARAC


def next_candidate(candidates: Sequence[Candidate], asked: Collection[str], owner: str) -> Candidate | None:
    """Returns the first candidate that has not been asked on these facts and would not move the need down the order."""
    for candidate in candidates:
        if candidate.forum not in asked and candidate.forum != owner and not outranks(owner, candidate.forum):
            return candidate
    return None

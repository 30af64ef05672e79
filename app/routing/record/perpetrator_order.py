"""The order of perpetrator management: a need about a perpetrator never moves down it.

Source: DHR "Jean" 14.2.2-14.2.6; the order is a product default [I].
"""

from app.vocabulary import Forum, NeedKind

PERPETRATOR_ORDER = (
    Forum.MAPPA_L3,
    Forum.MAPPA_L2,
    Forum.PRISON_OMU,
    Forum.YOUTH_JUSTICE,
    Forum.MAPPA_L1_LEAD_AGENCY,
    Forum.SUPERVISING_SERVICE,
    Forum.IOM,
    Forum.MATAC,
    Forum.DAPP,
    Forum.PDP,
    Forum.HUB,
)
_STAYS = frozenset({Forum.REFERRING_AGENCY, Forum.HUB})


def outranks(one: str, other: str) -> bool:
    """Returns whether `one` comes before `other` in the order of perpetrator management."""
    order = [str(forum) for forum in PERPETRATOR_ORDER]
    return one in order and other in order and order.index(one) < order.index(other)


def is_asked(forum: Forum, owner: Forum, need: NeedKind) -> bool:
    """Returns whether a forum that a decision wants for the need is asked, given the owner of the need.

    Nobody asks the owner, nor those who have a need from its beginning, nor whoever comes after the owner.
    """
    if forum in {owner, *_STAYS}:
        return False
    return need is not NeedKind.PERPETRATOR or not outranks(owner, forum)

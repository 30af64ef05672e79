"""The forums that may decline a need, and the fact that says that each of them did."""

from app.vocabulary import Forum

REFUSERS: tuple[Forum, ...] = tuple(f for f in Forum if f not in {Forum.HUB, Forum.REFERRING_AGENCY, Forum.MAPPA_L3})
"""The forums whose refusal is a fact. The hub and the referrer cannot decline, and nobody declines level 3."""


_DECLINED = {forum: f"declined_{forum.value.lower()}" for forum in Forum}


def declined_fact(forum: Forum) -> str:
    """Returns the name of the fact that the forum declined this need on these facts."""
    return _DECLINED[forum]


DECLINED_FACTS = tuple((forum, declined_fact(forum)) for forum in REFUSERS)
"""Each forum that may decline, with the fact that says that it did."""

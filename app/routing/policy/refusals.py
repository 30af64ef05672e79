"""Which forums may refuse a need, and the fact that says each of them did."""

from app.vocabulary import Forum

REFUSERS: tuple[Forum, ...] = tuple(
    f for f in Forum if f not in {Forum.HUB, Forum.REFERRING_AGENCY, Forum.MAPPA_L3}
)
"""Whose refusal is a fact. HUB and the referrer cannot decline; level 3 cannot be declined here."""


_DECLINED = {forum: f"declined_{forum.value.lower()}" for forum in Forum}


def declined_fact(forum: Forum) -> str:
    """The name of the fact that the forum declined this need on these facts."""
    return _DECLINED[forum]


DECLINED_FACTS = tuple((forum, declined_fact(forum)) for forum in REFUSERS)
"""Each forum that may refuse, with the fact that says it did."""

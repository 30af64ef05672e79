"""The counting fields of a request."""

from app.foundation.web.schema import Strict, Tri
from app.referrals.diversity.vocabulary import EthnicGroup, Sex


class DiversityIn(Strict):
    """What is counted of the victim and nothing else: no decision and no list uses it, and no case shows it again.

    A field left out is not collected, which is not nought.
    """

    ethnic_group: EthnicGroup | None = None
    disabled: Tri = None
    lgbt: Tri = None
    sex: Sex | None = None

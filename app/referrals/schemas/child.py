"""A child whom the abuse can reach."""

from app.foundation.web.schema import Code, Tri
from app.referrals.schemas.ages import Aged


class ChildIn(Aged):
    """A child in the household, or to whom the perpetrator has access."""

    ref: Code
    in_household: Tri = None
    perpetrator_access: Tri = None
    home_educated: Tri = None
    known_to_social_care: Tri = None

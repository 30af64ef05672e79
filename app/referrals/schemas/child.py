"""A child whom the abuse can reach."""

from app.foundation.web.schema import Code, Strict, Tri
from app.referrals.schemas.ages import Age


class ChildIn(Strict):
    """A child in the household, or to whom the perpetrator has access."""

    ref: Code
    age: Age = None
    in_household: Tri = None
    perpetrator_access: Tri = None
    home_educated: Tri = None
    known_to_social_care: Tri = None

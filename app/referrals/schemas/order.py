"""An order that protects a person."""

from app.foundation.web.schema import CivilDate, Code, Strict, Tri
from app.routing.policy.vocabulary import OrderKind


class OrderIn(Strict):
    """An order that protects a person from the perpetrator."""

    kind: OrderKind
    protected_ref: Code | None = None
    starts_on: CivilDate | None = None
    ends_on: CivilDate | None = None
    breached: Tri = None

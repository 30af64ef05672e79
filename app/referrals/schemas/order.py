"""An order that protects a person."""

from pydantic import Field

from app.foundation.web.schema import CivilDate, Code, Strict, Tri
from app.routing.policy.vocabulary import OrderKind


class OrderIn(Strict):
    """An order that protects a person from the perpetrator."""

    kind: OrderKind
    protected_ref: Code | None = None
    starts_on: CivilDate | None = None
    ends_on: CivilDate | None = None
    court_date: CivilDate | None = Field(default=None, description="When a court next hears the matter")
    breached: Tri = None

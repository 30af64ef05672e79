"""Orders that protect somebody from the perpetrator."""

from dataclasses import dataclass
from datetime import date

from app.routing.policy.vocabulary import OrderKind


@dataclass(frozen=True, slots=True)
class Order:
    """A civil or criminal order that protects somebody from the perpetrator."""

    kind: OrderKind
    protected_ref: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    court_date: date | None = None
    breached: bool | None = None

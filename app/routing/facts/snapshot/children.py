"""Children whom the abuse can reach."""

from dataclasses import dataclass

from app.routing.facts.snapshot.births import Birth


@dataclass(frozen=True, slots=True)
class Child:
    """A child in the household or to whom the perpetrator has access."""

    ref: str
    birth: Birth | None = None
    in_household: bool | None = None
    perpetrator_access: bool | None = None
    home_educated: bool | None = None
    known_to_social_care: bool | None = None

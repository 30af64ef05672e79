"""A disclosure request, by its steps."""

from dataclasses import dataclass
from datetime import date

from app.routing.policy.vocabulary import DisclosureOutcome, DisclosureRoute


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A request under the disclosure scheme; without anything in it: looked up, and there is none."""

    route: DisclosureRoute | None = None
    applied_on: date | None = None
    checked_on: date | None = None
    met_on: date | None = None
    decided_on: date | None = None
    told_on: date | None = None
    outcome: DisclosureOutcome | None = None
    reference: str | None = None

"""The victim."""

from dataclasses import dataclass
from datetime import date

from app.routing.facts.snapshot.births import Birth
from app.routing.policy.vocabulary import TenancyHolder, Tenure


@dataclass(frozen=True, slots=True)
class Victim:
    """The person at risk in this referral. Roles belong to an incident, not to a person.

    `age_in_doubt`: nobody states the age whose word it is.
    """

    ref: str
    birth: Birth | None = None
    age_in_doubt: bool = False
    home_area: str | None = None
    supervised_by: str | None = None
    under_supervision: bool | None = None
    care_needs: bool | None = None
    at_risk_of_abuse: bool | None = None
    unable_to_protect_self: bool | None = None
    capacity_doubted: bool | None = None
    advocate_needed: bool | None = None
    due_on: date | None = None
    address_known_to_perpetrator: bool | None = None
    recourse_to_public_funds: bool | None = None
    tenure: Tenure | None = None
    tenancy_holder: TenancyHolder | None = None
    home_insecure: bool | None = None
    moved_area: bool | None = None

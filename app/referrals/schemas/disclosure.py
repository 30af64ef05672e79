"""A request under the Domestic Violence Disclosure Scheme (Clare's Law), by its steps."""

from datetime import date

from pydantic import Field, ValidationInfo, field_validator

from app.foundation.web.schema import CivilDate, Code, Strict
from app.routing.policy.vocabulary import DisclosureOutcome, DisclosureRoute

STEPS = ("applied_on", "checked_on", "met_on", "decided_on", "told_on")
_ENDS_WITH_WORD = frozenset({DisclosureOutcome.DISCLOSED, DisclosureOutcome.NOT_DISCLOSED})


class DisclosureIn(Strict):
    """A disclosure request. What was disclosed is never held: no field takes it.

    The section left out: nobody has looked. An empty one: looked up, and there is no request.
    """

    route: DisclosureRoute | None = None
    applied_on: CivilDate | None = Field(
        default=None, description="The day of the application; under the right to know, the day of what began it"
    )
    checked_on: CivilDate | None = None
    met_on: CivilDate | None = None
    decided_on: CivilDate | None = None
    told_on: CivilDate | None = None
    outcome: DisclosureOutcome | None = None
    reference: Code | None = Field(default=None, description="The police's number of the request")

    @field_validator(*STEPS[1:])
    @classmethod
    def _not_before_the_step_ahead(cls, day: date | None, info: ValidationInfo) -> date | None:
        if day is not None:
            for name in STEPS:
                earlier = info.data.get(name)
                if earlier is not None and day < earlier:
                    raise ValueError(f"this is before `{name}`: correct one of them")
        return day

    @field_validator("outcome")
    @classmethod
    def _nobody_is_informed_without_a_decision(
        cls, outcome: DisclosureOutcome | None, info: ValidationInfo
    ) -> DisclosureOutcome | None:
        informed = info.data.get("told_on") is not None
        if informed and outcome is not None and outcome not in _ENDS_WITH_WORD:
            raise ValueError(f"nobody is told anything after {outcome}: leave out `told_on` or correct the outcome")
        return outcome

"""A request under the Domestic Violence Disclosure Scheme (Clare's Law), by its steps."""

from pydantic import Field

from app.foundation.web.schema import CivilDate, Code, Strict
from app.routing.policy.vocabulary import DisclosureOutcome, DisclosureRoute


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

"""One report of an event."""

from typing import Annotated

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Strict, Tri
from app.routing.policy.vocabulary import IncidentOutcome, Injury, NotArrestedReason


class IncidentIn(Strict):
    """One report of an event. Each incident has its own victim and perpetrator; leave out those of the referral.

    An event counts once, however often it is sent: the same force and crime number, or without a number the same force,
    instant and people. A later report completes the earlier one; every report is kept.
    """

    occurred_at: Instant
    reported_at: Instant
    force: Code
    source_reference: Code | None = Field(
        default=None,
        description="The force's number of this event, such as the crime number. Send it: one number is one event",
    )
    victim_ref: Code | None = None
    perpetrator_ref: Code | None = None
    criminal: Tri = None
    also_harmed: Annotated[tuple[Code, ...], Field(max_length=20)] = Field(
        default=(), description="Others whom the same perpetrator harmed in this event, by pseudonym"
    )
    asb_linked: Tri = None
    injury: Injury | None = None
    outcome: IncidentOutcome | None = None
    not_arrested_reason: NotArrestedReason | None = None

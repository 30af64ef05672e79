"""One report of an event."""

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Strict, Tri
from app.routing.policy.vocabulary import IncidentOutcome


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
    outcome: IncidentOutcome | None = None
    asb_linked: Tri = None

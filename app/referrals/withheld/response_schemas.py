"""The response schema of what the perpetrator must never learn."""

from app.foundation.web.schema import Instant, Shown

HANDLING = "Never disclose to the perpetrator, or to anybody who may tell them. Do not copy into other records."


class WithheldOut(Shown):
    """One text as it was given, and by whom. `part` is the field of the request that it came in."""

    part: str
    text: str
    recorded_by: str
    recorded_at: Instant


class NotForDisclosureOut(Shown):
    """Everything about a referral that the perpetrator must never learn, the oldest first."""

    marking: str = "OFFICIAL-SENSITIVE"
    handling: str = HANDLING
    referral_id: str
    items: list[WithheldOut]

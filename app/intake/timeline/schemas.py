"""The response schema of the timeline."""

from app.foundation.web.schema import Instant, Shown


class TimelineItemOut(Shown):
    """Something that happened. `informed`: the agencies of its event, or null when you may see no event about it."""

    id: str
    at: Instant
    kind: str
    what: str
    who: str
    forums: list[str]
    informed: list[str] | None

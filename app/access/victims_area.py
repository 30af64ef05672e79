"""What those who work with perpetrators read where the victim's area would stand: the same words from the first day.

Source: design note on access, section 2 and finding 2: a label that changes tells of a move.
"""

from app.access.vocabulary import CallerRole
from app.foundation.caller import Caller
from app.foundation.errors import Invalid, RequestFault

VICTIMS_AREA = "the victim's area"


def area_shown(reader: Caller, area: str) -> str:
    """Returns the area of a case as the reader may know it."""
    return VICTIMS_AREA if reader.role == CallerRole.PERPETRATOR_SIDE else area


def refuse_area_asked(reader: Caller, area: str | None) -> None:
    """Raises `Invalid` for whoever works with perpetrators and filters what concerns cases by area: it would tell."""
    if area is not None and reader.role == CallerRole.PERPETRATOR_SIDE:
        raise Invalid(
            "leave `area` out: a client that works with perpetrators is not told the area of a case",
            faults=[RequestFault("/area", "not_told", "leave it out")],
        )

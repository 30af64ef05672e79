"""The building blocks of request and response schemas: strict, bounded, nothing silently dropped."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
)
from pydantic_core import PydanticCustomError

from app.foundation.clock import instant_text


class Strict(BaseModel):
    """Part of a request. An unknown key is refused by name: a risk flag that is dropped could change a route."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """Part of a response."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def contradiction(detail: str) -> PydanticCustomError:
    """Returns the fault of a field that another one of the same request contradicts. `detail` repeats no value."""
    return PydanticCustomError("contradiction", "{detail}", {"detail": detail})


_FAR_AWAY = "this instant lies outside 1900 to 2200"


def _written_instant(value: Any) -> Any:  # noqa: ANN401 - before validation anything may stand here
    # Pydantic would read a number as seconds since 1970.
    if isinstance(value, str | datetime):
        return value
    raise ValueError("write an instant as text, for example 2026-10-25T09:30:00Z")


def _with_offset(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset, for example 2026-10-25T09:30:00Z")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(_FAR_AWAY) from None


def _written_date(value: Any) -> Any:  # noqa: ANN401
    # Pydantic would take an instant at midnight for a date, and then the zone would choose the day.
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise ValueError("write a date as text, for example 2026-10-25")  # noqa: TRY004 - Pydantic reads ValueError
    if isinstance(value, str) and len(value) != len("2026-10-25"):
        raise ValueError("write a date as year-month-day, for example 2026-10-25, without a time")
    return value


# Far from the ends of `datetime`: no sum of such an instant and some months or working days overflows.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _in_living_memory(value: datetime) -> datetime:
    if not EARLIEST <= value <= LATEST:
        raise ValueError(_FAR_AWAY)
    return value


Instant = Annotated[
    datetime,
    BeforeValidator(_written_instant),
    AfterValidator(_with_offset),
    AfterValidator(_in_living_memory),
    PlainSerializer(instant_text, return_type=str, when_used="json"),
]
CivilDate = Annotated[date, BeforeValidator(_written_date), Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]


def refuses_nought(ways: str) -> BeforeValidator:
    """Returns the check of a MAPPA level or category: Delius writes 0 for unknown. `ways` are how to say it here."""

    def _not_nought(value: Any) -> Any:  # noqa: ANN401 - before validation anything may stand here
        if value == 0 and value is not False:
            raise ValueError(f"0 means unknown in Delius and is not taken: {ways}")
        return value

    return BeforeValidator(_not_nought)


Tri = Annotated[StrictBool | None, Field(description="true, false, or null for not known")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Explained = Annotated[str, Field(min_length=15, max_length=2000)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]

"""What must be told, as data: `flows.toml` as frozen flows, checked when it is read."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from app.flows.vocabulary import FieldKind, FlowBasis, FlowLimit, FlowReceiver
from app.foundation.clock import london_date
from app.foundation.working_days import WorkingDays
from app.reminders.deadline import Deadline
from app.vocabulary import Role

SERVICE = "SERVICE"
_ENTRIES = frozenset(
    "source receivers withheld released_by clock basis review form minimum other_half".split()  # noqa: SIM905
)
_CLOCK = frozenset({"working_days", "hours", "danger_hours", "until"})


class FlowFaultError(ValueError):
    """The file of flows contradicts itself. The message lists each fault with its flow."""


@dataclass(frozen=True, slots=True)
class FlowClock:
    """By when a flow must have been told: working days or hours, and hours where a life may hang on it."""

    working_days: int | None
    hours: int | None
    danger_hours: int | None
    until: FlowLimit | None

    def deadline(self, now: datetime, calendar: WorkingDays, *, danger: bool) -> Deadline:
        """Returns the deadline of what is owed since `now`. No working days means today, or the next open day."""
        hours = self.danger_hours if danger and self.danger_hours is not None else self.hours
        if hours is not None:
            return Deadline(None, now + timedelta(hours=hours), life_safety=danger)
        today = london_date(now)
        day = calendar.add(today, self.working_days) if self.working_days else calendar.on_or_after(today)
        return Deadline(day, None)


@dataclass(frozen=True, slots=True)
class Flow:
    """One row of what must be told. `released_by` is None where the service releases by itself.

    `other_half` are fields that name who else is concerned: a notice about one person goes nowhere without them.
    """

    id: str
    source: str
    receivers: tuple[FlowReceiver, ...]
    withheld: str
    released_by: Role | None
    clock: FlowClock
    basis: tuple[FlowBasis, ...]
    review: tuple[str, ...]
    form: Mapping[str, FieldKind]
    minimum: tuple[str, ...]
    other_half: tuple[str, ...]


@lru_cache
def flows() -> Mapping[str, Flow]:
    """Returns every flow by its id. Raises `FlowFaultError`."""
    return read_flows(files("app.flows").joinpath("flows.toml").read_text(encoding="utf-8"))


def read_flows(text: str) -> Mapping[str, Flow]:
    """Returns the flows of such a file. Raises `FlowFaultError`, which names every fault of it."""
    table: dict[str, dict[str, Any]] = tomllib.loads(text)["flow"]
    faults = [f"{name}: {fault}" for name, row in table.items() for fault in _faults(row)]
    if faults:
        raise FlowFaultError("; ".join(faults))
    return {name: _flow(name, row) for name, row in table.items()}


def _faults(row: Mapping[str, Any]) -> Iterator[str]:
    missing = sorted(_ENTRIES - {"other_half"} - row.keys())
    yield from (f"`{name}` is missing" for name in missing)
    yield from (f"`{name}` is no entry of a flow" for name in sorted(row.keys() - _ENTRIES))
    if missing:
        return
    yield from _unknown("receiver", row["receivers"], FlowReceiver)
    yield from _unknown("kind of field", row["form"].values(), FieldKind)
    yield from _unknown("basis", row["basis"], FlowBasis)
    if row["released_by"] != SERVICE:
        yield from _unknown("post", [row["released_by"]], Role)
    for part in ("minimum", "other_half"):
        yield from (
            f"`{part}` names {name}, no field of its form" for name in row.get(part, ()) if name not in row["form"]
        )
    yield from _faults_of_clock(row["clock"])


def _faults_of_clock(clock: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"`clock` has no {name}" for name in sorted(clock.keys() - _CLOCK))
    if ("working_days" in clock) == ("hours" in clock):
        yield "`clock` counts either `working_days` or `hours`"
    if "until" in clock:
        yield from _unknown("end of a clock", [clock["until"]], FlowLimit)


def _unknown(what: str, given: Any, words: Any) -> Iterator[str]:  # noqa: ANN401 - a list of words, and an enum
    known = {str(word) for word in words}
    yield from (f"{one} is no {what}" for one in given if one not in known)


def _flow(name: str, row: Mapping[str, Any]) -> Flow:
    clock = row["clock"]
    until = clock.get("until")
    return Flow(
        id=name,
        source=row["source"],
        receivers=tuple(map(FlowReceiver, row["receivers"])),
        withheld=row["withheld"],
        released_by=None if row["released_by"] == SERVICE else Role(row["released_by"]),
        clock=FlowClock(
            clock.get("working_days"),
            clock.get("hours"),
            clock.get("danger_hours"),
            FlowLimit(until) if until else None,
        ),
        basis=tuple(map(FlowBasis, row["basis"])),
        review=tuple(row["review"]),
        form={field: FieldKind(kind) for field, kind in row["form"].items()},
        minimum=tuple(row["minimum"]),
        other_half=tuple(row.get("other_half", ())),
    )

"""Measures what each step of the published rows gives people to do, and holds it to the targets of the note.

Source: design note on proportion, section 4, targets [I]: actions that are new and enquiries that are asked count;
returns of research do not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import select

from app.access.service import scope_to_system
from app.actions.models import Action
from app.vocabulary import ActionState
from tests.journeys.portfolio.bodies import Row
from tests.journeys.portfolio.playing import Play

RESEARCH = ("D11:", "D12")
MOST = 12
SHOWN_ABOVE = 8


@dataclass(frozen=True, slots=True)
class NewWork:
    """What one step of a row gave to do: duties and the roles of enquiries. `grade` is that of a report, else ""."""

    row: str
    step: str
    grade: str
    asked: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def number(self) -> int:
        return len(self.asked)


@dataclass(frozen=True, slots=True)
class Target:
    """What is measured, how much it may be, and how it is measured."""

    name: str
    most: float
    measure: Callable[[Sequence[NewWork]], float]


def new_work_of(name: str, row: Row, play: Play) -> Iterator[NewWork]:
    """Plays the row and yields what each step gave to do."""
    for step, words in play.steps(row):
        grade = words.get("assessment", {}).get("officer_grade", "") if step == "post" else ""
        if play.routed:
            yield NewWork(name, step, grade, tuple(_asked(play)), tuple(_faults(play)))


def _asked(play: Play) -> list[str]:
    actions = [one["duty"] or one["what"] for one in play.new_actions()]
    enquiries = [f"enquiry of {one['role']}" for one in play.enquiries()]
    return sorted([one for one in actions if not one.startswith(RESEARCH)] + enquiries)


def _faults(play: Play) -> Iterator[str]:
    """Yields what is nobody's, asked twice of one post, or born late."""
    now = play.clock.now()
    for one in play.new_actions():
        due = one["due_at"] and datetime.fromisoformat(one["due_at"])
        if one["owner_agency"] is None:
            yield f"{one['duty']} is nobody's"
        if (due and due <= now) or (one["due_on"] and one["due_on"] < now.astimezone(UTC).date().isoformat()):
            yield f"{one['duty']} is born late"
    yield from (f"{duty} is born late on the day on which it opens" for duty in _late_when_they_open(play))
    roles = [one["role"] for one in play.enquiries()]
    yield from (f"{role} has two enquiries" for role in sorted(set(roles)) if roles.count(role) > 1)


def _late_when_they_open(play: Play) -> Sequence[str | None]:
    """Returns the duties that open on a later day than they are due. The API does not show when one opens."""
    with play.sessions.begin() as session:
        scope_to_system(session)
        planned = select(Action.duty).where(Action.state == ActionState.PLANNED)
        return session.scalars(planned.where(Action.due_on < Action.opens_on)).all()


def _reports(work: Sequence[NewWork]) -> list[NewWork]:
    return [one for one in work if one.step == "post"]


def _median_of_rows(work: Sequence[NewWork]) -> float:
    """Returns the median over the rows, each with the report of it that gave most to do."""
    reports = _reports(work)
    return median(max(one.number for one in reports if one.row == row) for row in {one.row for one in reports})


def _median_of(grade: str) -> Callable[[Sequence[NewWork]], float]:
    return lambda work: median(one.number for one in _reports(work) if one.grade == grade)


def _most_of(row: str) -> Callable[[Sequence[NewWork]], float]:
    return lambda work: max(one.number for one in work if one.row.startswith(f"{row}-"))


def _number_of(fault: str) -> Callable[[Sequence[NewWork]], float]:
    return lambda work: sum(fault in one for each in work for one in each.faults)


TARGETS = (
    Target("median of the rows", 6, _median_of_rows),
    Target("median of STANDARD reports", 1, _median_of("STANDARD")),
    Target("median of MEDIUM reports", 4, _median_of("MEDIUM")),
    Target("median of HIGH reports", 8, _median_of("HIGH")),
    Target("row 1", 8, _most_of("01")),
    Target("row 3", 4, _most_of("03")),
    Target("row 4", 1, _most_of("04")),
    Target("any row", MOST, lambda work: max(one.number for one in work)),
    Target("posts with two enquiries", 0, _number_of("has two enquiries")),
    Target("actions without an agency", 0, _number_of("is nobody's")),
    Target("actions born late", 0, _number_of("is born late")),
)


def table(work: Sequence[NewWork]) -> str:
    """Returns each target beside what is measured, and the reports that give most, as lines to read."""
    lines = [f"{'new work of one report':<32}{'target':>10}{'measured':>10}"]
    lines += [f"{one.name:<32}{one.most:>10g}{one.measure(work):>10g}" for one in TARGETS]
    above = sorted((one for one in work if one.number > SHOWN_ABOVE), key=lambda one: -one.number)
    return "\n".join([*lines, "", *(f"{one.number:>3}  {one.row}: {', '.join(one.asked)}" for one in above)])

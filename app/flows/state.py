"""What is on record of one perpetrator at an instant, over all pseudonyms and all areas. Frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.routing.policy.vocabulary import LicenceKind
from app.vocabulary import Forum, Grade, Role


@dataclass(frozen=True, slots=True)
class ActOnRecord:
    """One event of a report. Silence about whether the perpetrator knows of it means that they do not."""

    day: date
    force: str | None
    outcome: str | None
    injury: str | None
    numbered: bool
    after_cut: bool


@dataclass(frozen=True, slots=True)
class ReportOnRecord:
    """One report of abuse by the perpetrator: its acts, signs of danger and grade, and who recorded it."""

    id: str
    case_id: str
    victim: str
    by: str
    at: datetime
    acts: tuple[ActOnRecord, ...]
    red_flags: tuple[str, ...]
    grade: Grade | None
    children: bool
    away_from_address: bool

    @property
    def is_danger(self) -> bool:
        """Whether somebody's life may hang on it: graded high, or with a sign of danger to life."""
        return self.grade is Grade.HIGH or bool(self.red_flags)

    @property
    def fact(self) -> str:
        """What is told of it once. A report that becomes a danger is told again."""
        return f"{self.id}:DANGER" if self.is_danger else self.id


@dataclass(frozen=True, slots=True)
class SupervisionOnRecord:
    """A licence, an order or a MAPPA level under which somebody works with the perpetrator, and the cases that say so.

    `agency` is None where nobody says whose it is; `area` is where that agency does this work.
    """

    key: str
    kind: str
    agency: str | None
    role: Role
    area: str | None
    until: date | None
    level: int | None
    case_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class OrderOnRecord:
    """An order or bail condition against the perpetrator, by the case that states it."""

    key: str
    case_id: str
    kind: str
    until: date | None
    breached: bool | None


@dataclass(frozen=True, slots=True)
class ConductOnRecord:
    """A missed contact, a breach, an arrest, bail or a release, by the case that states it and its day."""

    key: str
    case_id: str
    what: str
    day: date


@dataclass(frozen=True, slots=True)
class OwnerOnRecord:
    """Who accepted the management of the perpetrator, and the cases that they hold it for."""

    forum: Forum
    role: Role
    agency: str
    area: str
    case_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseOnRecord:
    """A case of the perpetrator. `is_cut`: the two live apart or the victim has moved, so no place passes."""

    id: str
    area: str
    victim: str
    opened_at: datetime
    is_open: bool
    is_cut: bool
    stage: str
    heard_in: str | None
    lead: Forum | None


@dataclass(frozen=True, slots=True)
class OtherPerpetrator:
    """A later case in which somebody else harms the victim of a case of this perpetrator."""

    case_id: str
    other_case_id: str
    other_area: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class PerpetratorState:
    """All that is owed about one perpetrator follows from this. `posts` is the directory of the areas concerned."""

    cases: tuple[CaseOnRecord, ...]
    reports: tuple[ReportOnRecord, ...] = ()
    supervisions: tuple[SupervisionOnRecord, ...] = ()
    orders: tuple[OrderOnRecord, ...] = ()
    conduct: tuple[ConductOnRecord, ...] = ()
    owners: tuple[OwnerOnRecord, ...] = ()
    others: tuple[OtherPerpetrator, ...] = ()
    posts: Mapping[tuple[str, Role], str] = field(default_factory=dict)

    def case(self, case_id: str) -> CaseOnRecord:
        """Returns the case of this id."""
        return next(one for one in self.cases if one.id == case_id)

    def place_of_victim(self, victim: str) -> tuple[int, int]:
        """Returns the place of this victim among all victims, by their first case, and how many there are."""
        victims = list(dict.fromkeys(one.victim for one in sorted(self.cases, key=lambda one: (one.opened_at, one.id))))
        return victims.index(victim) + 1, len(victims)


SUPERVISED_BY: Mapping[LicenceKind, Role] = {
    LicenceKind.YOUTH_REHABILITATION_ORDER: Role.YOUTH_JUSTICE,
    LicenceKind.HOSPITAL_CONDITIONS: Role.MENTAL_HEALTH,
}
"""Which post supervises under a licence or an order; under every other kind it is probation's."""

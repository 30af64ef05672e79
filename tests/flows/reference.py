"""What must arrive, by a second implementation that reads nothing of the service: the flows as a person reads them.

Areas share one perpetrator and no victim. Each area's hub knows the perpetrator by its own pseudonym, and two areas
know that it is one person once both have given the same number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

AREAS = ("ANYTOWN", "DURHAM", "BORDER")
NOBODYS = ""  # a licence of which nobody says whose it is
MANAGER = "SUPERVISING_PRACTITIONER"
AREA_POSTS = {"PVP_HUB": "POLICE", "MARAC_COORDINATOR": "MARAC", "MATAC_COORDINATOR": "MATAC"}
ORDER_POSTS = {"PVP_HUB": "POLICE", "MARAC_COORDINATOR": "MARAC", "IDVA": "IDVA"}


@dataclass(frozen=True, order=True)
class Arrival:
    """One release as its receiver reads it: `says` is what tells it from others of the flow."""

    flow: str
    agency: str
    role: str
    form: str
    danger: bool
    says: str


@dataclass
class Report:
    """One report, and what was learned of it since."""

    number: int
    area: str
    victim: str
    numbered: bool
    danger: bool = False
    away: bool = False


@dataclass
class Case:
    """One victim's case in one area: whether the two are apart, an order, and the licences that it mentions."""

    area: str
    victim: str
    opened: int
    apart: bool = False
    order: bool = False
    missed: bool = False
    mentions: set[str] = field(default_factory=set)


@dataclass
class History:
    """What happened, and everything that was ever owed for it, by its key."""

    joined: set[str] = field(default_factory=set)
    reports: list[Report] = field(default_factory=list)
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    licences: dict[str, set[str]] = field(default_factory=dict)
    others: list[tuple[str, str, int]] = field(default_factory=list)
    owed: dict[tuple[object, ...], Arrival] = field(default_factory=dict)

    def settle(self) -> None:
        """Adds what is owed now and was not before. What was owed once stays: it arrived."""
        for group in self._groups():
            for key, arrival in self._owed_in(group):
                self.owed.setdefault((arrival.flow, *key, arrival.agency, arrival.role, arrival.form), arrival)

    def _groups(self) -> list[list[str]]:
        """The areas that know that it is one person, and each other area by itself."""
        apart = [[area] for area in AREAS if area not in self.joined]
        return [[area for area in AREAS if area in self.joined], *apart]

    def _owed_in(self, group: list[str]) -> Iterator[tuple[tuple[object, ...], Arrival]]:
        cases = [one for one in self.cases.values() if one.area in group]
        standing = set().union(*(self.licences.get(area, set()) for area in group))
        known = {one: [case for case in cases if one in case.mentions] for one in standing}
        services = sorted(one for one in standing if one != NOBODYS)
        for report in (one for one in self.reports if one.area in group):
            yield from self._of_report(report, services, known)
        for case in cases:
            yield from self._of_order(case, cases, services, known)
            yield from self._of_open_case(case, cases)
            if case.missed:
                for agency, role in _posts_elsewhere(case, cases, ORDER_POSTS):
                    missed = Arrival("F23", agency, role, "FULL", danger=False, says="MISSED_CONTACT")
                    yield (case.area, case.victim), missed
        for area, victim, at in self.others:
            first = self.cases.get((area, victim))
            if first in cases and first is not None and first.opened < at:
                for service in services:
                    yield (area, victim), Arrival("F15", service, MANAGER, "FULL", danger=False, says="look again")

    def _of_report(
        self, report: Report, services: list[str], known: dict[str, list[Case]]
    ) -> Iterator[tuple[tuple[object, ...], Arrival]]:
        case = self.cases[report.area, report.victim]
        hub, force = f"{report.area}-POLICE", "ANOTHER_FORCE" if case.apart else f"{report.area}-POLICE"
        elsewhere = [one for one in known if case not in known[one]]
        for service in (one for one in services if one in elsewhere):
            yield (report.number, report.danger), Arrival("F1", service, MANAGER, "FULL", report.danger, force)
            if report.away:
                yield (report.number,), Arrival("F5", service, MANAGER, "FULL", danger=False, says="STAYS_THERE")
        if not services and NOBODYS in elsewhere:
            yield (report.number, report.danger), Arrival("F1", hub, "PVP_HUB", "ENQUIRY", report.danger, force)
        if report.away and elsewhere:
            yield (report.number,), Arrival("F5", hub, "PVP_HUB", "FULL", danger=False, says="RING_THE_SERVICE")
        if report.numbered:
            for licence in elsewhere:
                key = (case.area, case.victim, licence)
                yield key, Arrival("F2", hub, "PVP_HUB", "FULL", report.danger, licence or "nobody's")

    def _of_order(
        self, case: Case, cases: list[Case], services: list[str], known: dict[str, list[Case]]
    ) -> Iterator[tuple[tuple[object, ...], Arrival]]:
        if case.order:
            receivers = [(one, MANAGER) for one in services if case not in known[one]]
            receivers += _posts_elsewhere(case, cases, ORDER_POSTS)
            for agency, role in receivers:
                yield (case.area, case.victim), Arrival("F3", agency, role, "FULL", danger=False, says="another victim")

    def _of_open_case(self, case: Case, cases: list[Case]) -> Iterator[tuple[tuple[object, ...], Arrival]]:
        danger = any(one.danger for one in self.reports if (one.area, one.victim) == (case.area, case.victim))
        place = "apart" if case.apart else case.area
        for agency, role in _posts_elsewhere(case, cases, AREA_POSTS):
            hurry = danger and role == "PVP_HUB"
            yield (case.area, case.victim), Arrival("F14", agency, role, "FULL", hurry, place)


def _posts_elsewhere(case: Case, cases: list[Case], posts: dict[str, str]) -> list[tuple[str, str]]:
    areas = sorted({one.area for one in cases} - {case.area})
    return [(f"{area}-{kind}", role) for area in areas for role, kind in posts.items()]

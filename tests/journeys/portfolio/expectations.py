"""Compares what a row expects with what the service answers, in words. The README says what each word means."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from tests.journeys.portfolio.bodies import Row
from tests.journeys.portfolio.playing import Play

NOBODY_ASKED = {"victim": "REFERRING_AGENCY", "perpetrator": "HUB"}
NEEDS = {"victim": "VICTIM_SAFETY", "perpetrator": "PERPETRATOR"}
NONE_MET = {"no", "none"}
HUB = "PVP_HUB"


class Told:
    """What the service says after the last step of a row."""

    def __init__(self, play: Play) -> None:
        self.play = play
        newest = play.decision()
        self.decision: Row = newest["decision"]
        self.explanation = " ".join(s for passage in newest["explanation"] for s in passage["sentences"]).lower()
        self.needs: dict[str, Row] = {need["kind"]: need for need in play.case["needs"]}
        self.duties = ids(self.decision["duties"])
        self.hub = next((one for one in self.decision["enquiries"] if one["role"] == HUB), None)
        self.hub_facts = [item["fact"] for item in self.hub["items"]] if self.hub else []

    def asked(self, need: str) -> str:
        """The forum that is asked to lead on the need, or nothing when it stays with whoever has it."""
        forum = str(self.decision[need]["forum"])
        return "" if forum == NOBODY_ASKED[need] else forum

    def state(self, outcome: str) -> str:
        value = self.decision["outcomes"][outcome]
        return "open" if value == "open" else "not met" if value in NONE_MET else "met"

    def hub_within(self) -> Any:
        """The hours of the hub's enquiry, 0 for none; any other clock in words."""
        if self.hub is None:
            return 0
        clock = self.hub["clock"]
        return clock["amount"] if clock["unit"] == "hours" else f"{clock['amount']} {clock['unit']}"

    def proposals(self, need: str, *states: str) -> list[Row]:
        of_need = self.needs[NEEDS[need]]["proposals"]
        return [one for one in of_need if one["kind"] == "LEAD" and one["state"] in states]

    def perpetrator_asked_agency(self) -> Any:
        forum = self.asked("perpetrator")
        return [one["agency"] for one in self.proposals("perpetrator", "PROPOSED") if one["forum"] == forum]

    def owner(self, need: str) -> str:
        owner = self.needs[NEEDS[need]]["owner"]
        return str(owner["forum"]) if owner else ""

    def owners_of_duties(self) -> set[str]:
        """Each duty that somebody has open or whose notice was sent, and the agency that owes it."""
        sent = {f"{step} by {one['sender_agency']}" for one in self.play.notices() for step in one["steps"]}
        return sent | {f"{one['duty']} by {one['owner_agency']}" for one in self.play.actions()}

    def differences(self) -> str:
        """What the hub is asked to settle between agencies, in the words of its review."""
        items = [item for one in self.play.enquiries() if one["role"] == HUB for item in one["items"]]
        return " ".join(one["ask"] for one in items if one["fact"] == "hub_review" and one["ended"] is None)

    def due(self) -> set[str]:
        """Each action that is due on a date, and in how many days."""
        today = self.play.clock.now().date()
        dated = [one for one in (*self.play.actions(), *self.play.planned()) if one["due_on"]]
        return {f"{one['duty']} in {(date.fromisoformat(one['due_on']) - today).days} days" for one in dated}


def ids(parts: list[Row], key: str = "id") -> set[str]:
    return {str(part[key]) for part in parts}


Value: TypeAlias = Callable[[Told], Any]
EQUAL: Mapping[str, Value] = {
    "victim_asked": lambda told: told.asked("victim"),
    "perpetrator_asked": lambda told: told.asked("perpetrator"),
    "perpetrator_asked_agency": lambda told: ", ".join(told.perpetrator_asked_agency()),
    "victim_owned_by": lambda told: told.owner("victim"),
    "holder": lambda told: told.decision["perpetrator"]["holder"],
    "marac": lambda told: told.state("marac"),
    "matac": lambda told: told.state("matac"),
    "mappa": lambda told: told.state("mappa"),
    "hub_within": Told.hub_within,
    "hub_asks_first": lambda told: next(iter(told.hub_facts), None),
    "times_listed": lambda told: told.play.times_listed(),
    "crossed_pairs": lambda told: told.play.crossed_pairs(),
}
AMONG: Mapping[str, Value] = {
    "rules": lambda told: ids(told.decision["findings"], "rule"),
    "owes": lambda told: told.duties,
    "open_actions": lambda told: ids([one for one in told.play.actions() if one["duty"]], "duty"),
    "owed_by": Told.owners_of_duties,
    "hub_asks": lambda told: told.hub_facts,
    "hub_settles": Told.differences,
    "not_looked_up": lambda told: told.decision["not_looked_up"],
    "supports": lambda told: ids(told.decision["supports"], "forum"),
    "warns": lambda told: ids(told.decision["warnings"]),
    "first_case_warns": lambda told: ids(told.play.decision(0)["decision"]["warnings"]),
    "due": Told.due,
    "new_work_for": lambda told: ids(told.play.new_actions(), "owner_role"),
    "new_work": lambda told: ids([one for one in told.play.new_actions() if one["duty"]], "duty"),
    "names": lambda told: told.explanation,
}
NOT_AMONG: Mapping[str, str] = {
    "not_rules": "rules",
    "does_not_owe": "owes",
    "hub_does_not_ask": "hub_asks",
    "does_not_support": "supports",
    "does_not_warn": "warns",
    "does_not_name": "names",
    "no_new_work": "new_work",
}
WORDS = {*EQUAL, *AMONG, *NOT_AMONG}


def lapses(told: Told, expect: Row) -> list[str]:
    """What came out otherwise than expected, in words."""
    assert set(expect) <= WORDS, f"words that nobody reads: {set(expect) - WORDS}"
    return [*_otherwise(told, expect), *_asked_otherwise_than_decided(told), *_not_asked_of_the_hub(told)]


def _otherwise(told: Told, expect: Row) -> Iterator[str]:
    for word, wanted in expect.items():
        if word in EQUAL:
            came = EQUAL[word](told)
            if came != wanted:
                yield f"{word}: {wanted!r} expected, {came!r} came"
        elif word in AMONG:
            came = AMONG[word](told)
            yield from (f"{word}: {each} is not there" for each in wanted if each not in came)
        else:
            came = AMONG[NOT_AMONG[word]](told)
            yield from (f"{word}: {each} is there" for each in wanted if each in came)


def _asked_otherwise_than_decided(told: Told) -> Iterator[str]:
    """The forum that the decision names is the one that was really asked, and where it names nobody, nobody is."""
    for need in (name for name, kind in NEEDS.items() if not told.needs[kind]["ended_at"]):
        forum, waiting = told.asked(need), told.proposals(need, "PROPOSED")
        asked = {one["forum"] for one in told.proposals(need, "PROPOSED", "ACCEPTED")}
        for named in {forum, told.decision[need]["holder"]} - {"", *NOBODY_ASKED.values()} - asked:
            yield f"{need}: {named} is named and was not asked"
        if not forum and waiting:
            yield f"{need}: nobody is named, and {', '.join(one['forum'] for one in waiting)} is asked"


def _not_asked_of_the_hub(told: Told) -> Iterator[str]:
    """What the decision wants the hub to look up is what its enquiry really asks, while both people live."""
    if any(need["ended_at"] for need in told.needs.values()):
        return
    open_items = [item for one in told.play.enquiries() if one["role"] == HUB for item in one["items"]]
    asked = {item["fact"] for item in open_items if item["ended"] is None}
    yield from (f"the hub's enquiry does not ask {fact}" for fact in told.hub_facts if fact not in asked)

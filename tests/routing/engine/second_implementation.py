"""A second implementation of the policy language, for tests only: it reads the TOML and tries every value.

It imports nothing of the engine. For a fact that is not known it tries every value; for a lead it looks for the
one row that applies and fails when there are two.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import product
from typing import Any

Raw = dict[str, Any]
Fact = bool | int | str | None
ANSWERS: dict[str, tuple[str, ...]] = {
    "marac": ("no", "yes"),
    "matac": ("no", "yes"),
    "mappa": ("none", "referable", "l1", "l1_escalating", "l2", "l3"),
    "review": ("no", "yes"),
    "matac_barred": ("no", "yes"),
    "iom": ("none", "supports", "owns"),
    "dapp": ("none", "supports", "leads"),
    "pdp": ("no", "yes"),
    "custody": ("no", "yes"),
    "youth": ("no", "yes"),
    "identified": ("yes", "no"),
    "child_victim": ("no", "yes"),
    "stands_aside": ("no", "yes"),
}
PANELS = {
    "iom_path": ("iom", "declined_iom", {"owns": "open"}),
    "dapp_path": ("dapp", "declined_dapp", {"leads": "open"}),
    "pdp_path": ("pdp", "declined_pdp", {"yes": "open"}),
    "custody_path": ("custody", "declined_prison_omu", {"yes": "open"}),
    "youth_path": ("youth", "declined_youth_justice", {"yes": "open"}),
    "child_path": ("child_victim", "declined_childrens_social_care", {"yes": "open"}),
}
ASKED_WHEN_MET = ("matac", "mappa", "review")
SECTIONS = ("rule", "victim_lead", "perpetrator_lead", "support", "duty", "warning")
CANNOT_DECLINE = {"HUB", "REFERRING_AGENCY", "MAPPA_L3"}


def raw_policy(name: str, text: str | None = None) -> Raw:
    """The tables of a shipped policy, or of a local text, laid over the baseline."""
    folder = files("app.routing").joinpath("policies")
    base = tomllib.loads(folder.joinpath("national-baseline.toml").read_text(encoding="utf-8"))
    own = tomllib.loads(text or folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    if "extends" not in own["policy"]:
        return own
    for parameter, moved in own.get("param", {}).items():
        base["param"][parameter]["value"] = moved["value"]
    for section in SECTIONS:
        held = {part["id"]: part for part in base[section]}
        held |= {part["id"]: part for part in own.get(section, [])}
        gone = {drop["id"] for drop in own.get("drop", [])}
        base[section] = [part for key, part in held.items() if key not in gone]
    return base


@dataclass(frozen=True)
class Line:
    """`name operator words`, with parameters put in."""

    name: str
    operator: str
    words: tuple[Fact, ...]

    def holds(self, value: Fact) -> bool:
        match self.operator:
            case "==" | "in":
                return value in self.words
            case "!=":
                return value not in self.words
            case ">=":
                return value >= self.words[0]  # type: ignore[operator]
            case "<=":
                return value <= self.words[0]  # type: ignore[operator]
            case ">":
                return value > self.words[0]  # type: ignore[operator]
            case _:
                return value < self.words[0]  # type: ignore[operator]


@dataclass
class Answered:
    """What is known of every name: one value, or all it could be; None is a fact nobody knows."""

    one: dict[str, Fact]
    several: dict[str, set[str]] = field(default_factory=dict)

    def put(self, name: str, values: set[str]) -> None:
        self.several[name] = values

    def says(self, line: Line) -> bool | None:
        if line.name in self.several:
            verdicts = {line.holds(value) for value in self.several[line.name]}
            return verdicts.pop() if len(verdicts) == 1 else None
        value = self.one[line.name]
        return None if value is None else line.holds(value)

    def all_say(self, lines: Iterable[Line]) -> bool | None:
        said = {self.says(line) for line in lines}
        return False if False in said else None if None in said else True


@dataclass(frozen=True)
class Outcome:
    """What the engine must agree with."""

    outcomes: dict[str, str]
    fired: list[str]
    victims: list[str]
    perpetrators: list[str]
    held_by: str
    supports: set[str]
    duties: dict[str, bool]
    warnings: set[str]
    unsettled: dict[str, set[str]]


class Second:
    """One policy, read once."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.parameters = {name: each["value"] for name, each in raw["param"].items()}
        self.rules = {q: [r for r in raw["rule"] if q in r["then"].split()] for q in ANSWERS}
        self.lines = {id(part): [self.line(text) for text in part["when"]] for part in self._parts()}
        self.tried = {name: self._tried(name) for name in raw["fact"]}

    def _parts(self) -> Iterator[Raw]:
        return (part for section in SECTIONS for part in self.raw[section])

    def line(self, text: str) -> Line:
        name, operator, *words = text.split()
        return Line(name, operator, tuple(self._word(word, name) for word in words))

    def _word(self, word: str, name: str) -> Fact:
        kind = self.raw["fact"].get(name, {}).get("type")
        if kind == "choice" or name in ANSWERS or name.endswith(("_path", "_lead")):
            return word
        if word in {"true", "false"}:
            return word == "true"
        if word.isdigit() and not isinstance(self.parameters.get(name), str):
            return int(word)
        return self.parameters.get(word, word)

    def _tried(self, name: str) -> list[Fact]:
        """Enough values of a fact: its words, or each number beside one that a rule names."""
        fact = self.raw["fact"][name]
        if fact["type"] == "flag":
            return [True, False]
        if fact["type"] == "choice":
            return list(fact["values"])
        low, high = fact.get("min", 0), fact["max"]
        named = [line.words[0] for lines in self.lines.values() for line in lines if line.name == name]
        near = {number + by for number in named for by in (-1, 0, 1) if isinstance(number, int)}
        return sorted({low, high} | {number for number in near if low <= number <= high})

    def decide(self, facts: Mapping[str, Fact]) -> Outcome:
        known = Answered({**self.parameters, **{name: self._heard(name, facts[name]) for name in facts}})
        possible: dict[str, set[str]] = {}
        taken: dict[str, str] = {}
        fired: list[str] = []
        for question in ANSWERS:
            possible[question] = self._possible(question, known)
            held = [r for r in self.rules[question] if known.all_say(self.lines[id(r)]) is True]
            taken[question] = self._taken(question, possible[question], held)
            fired += [rule["id"] for rule in held]
            known.put(question, possible[question] | {taken[question]})
        victims = self._in_order("victim_lead", taken, facts)
        perpetrators = self._in_order("perpetrator_lead", taken, facts)
        could = columns_that_could_be(possible, facts)
        leads = {
            table: self._could_lead(table, could) | {self._lead(table, asked[0])}
            for table, asked in (("victim_lead", victims), ("perpetrator_lead", perpetrators))
        }
        as_taken = {name: {value} for name, value in {**taken, **columns(taken, facts)}.items()}
        as_taken |= {
            "victim_lead": {self._lead("victim_lead", victims[0])},
            "perpetrator_lead": {self._lead("perpetrator_lead", perpetrators[0])},
        }
        for name, value in columns(taken, facts).items():
            known.put(name, could[name] | {value})
        for table, forums in leads.items():
            known.put(table, forums)
        for name in (*ASKED_WHEN_MET, "mappa_path", "matac_path", "perpetrator_lead"):
            known.put(name, as_taken[name])
        owner = str(facts["held_by"])
        return Outcome(
            outcomes=taken,
            fired=fired,
            victims=victims,
            perpetrators=perpetrators,
            held_by="HUB" if facts.get(f"declined_{owner.lower()}") else owner,
            supports=self._certain("support", Answered(known.one, as_taken)),
            duties=dict(self._duties(known)),
            warnings=self._certain("warning", known),
            unsettled={n: v for n, v in {**possible, **leads}.items() if len(v) > 1},
        )

    def _heard(self, name: str, value: Fact) -> Fact:
        """The value, or what silence means for this fact."""
        fact = self.raw["fact"][name]
        if value is not None or fact.get("silence", "ask") != "no":
            return value
        return fact.get("min", 0) if fact["type"] == "number" else False

    def _possible(self, question: str, known: Answered) -> set[str]:
        rules = self.rules[question]
        names = list({line.name for rule in rules for line in self.lines[id(rule)]})
        ways = [
            sorted(known.several[name]) if name in known.several
            else [known.one[name]] if known.one[name] is not None
            else self.tried[name]
            for name in names
        ]  # fmt: skip
        return {self._conclude(question, dict(zip(names, way, strict=True))) for way in product(*ways)}

    def _conclude(self, question: str, values: Mapping[str, Fact]) -> str:
        held = [
            rule["then"].split()
            for rule in self.rules[question]
            if all(line.holds(values[line.name]) for line in self.lines[id(rule)])
        ]
        return self._given(held, question)

    @staticmethod
    def _given(held: list[list[str]], question: str) -> str:
        if any(then[0] == "not" for then in held):
            return ANSWERS[question][0]
        given = [then[1] if len(then) == 2 else "yes" for then in held]
        return max(given, key=ANSWERS[question].index, default=ANSWERS[question][0])

    def _taken(self, question: str, possible: set[str], held: list[Raw]) -> str:
        """The reading while open: what is certainly met, or the highest possible up to what the policy says."""
        order = ANSWERS[question].index
        cap = self.raw["outcome"][question]["unknown_as"]
        if len(possible) == 1:
            (only,) = possible
            # A settled answer above the cap stays; one below it stays too.
            return only
        if question in ASKED_WHEN_MET:
            met = self._given([rule["then"].split() for rule in held], question)
            return max(met, min(possible, key=order), key=order)
        highest, lowest = max(possible, key=order), min(possible, key=order)
        return highest if order(lowest) > order(cap) else min(highest, cap, key=order)

    def _in_order(self, table: str, taken: Mapping[str, str], facts: Mapping[str, Fact]) -> list[str]:
        said = dict(facts)
        asked = [self._row(table, columns(taken, said))]
        while (lead := asked[-1]["lead"]) not in CANNOT_DECLINE:
            said[f"declined_{lead.lower()}"] = True
            following = self._row(table, columns(taken, said))
            if following["lead"] == lead:
                break
            asked.append(following)
        return [row["id"] for row in asked]

    def _row(self, table: str, cell: Mapping[str, str]) -> Raw:
        rows = [row for row in self.raw[table] if all(line.holds(cell[line.name]) for line in self.lines[id(row)])]
        assert len(rows) == 1, (table, cell, [row["id"] for row in rows])
        return rows[0]

    def _lead(self, table: str, row_id: str) -> str:
        return next(str(row["lead"]) for row in self.raw[table] if row["id"] == row_id)

    def _could_lead(self, table: str, could: Mapping[str, set[str]]) -> set[str]:
        return {
            row["lead"]
            for row in self.raw[table]
            if all(any(line.holds(v) for v in could[line.name]) for line in self.lines[id(row)])
        }

    def _certain(self, section: str, known: Answered) -> set[str]:
        return {part["id"] for part in self.raw[section] if known.all_say(self.lines[id(part)]) is True}

    def _duties(self, known: Answered) -> Iterator[tuple[str, bool]]:
        for duty in self.raw["duty"]:
            groups = [self.lines[id(duty)], *([self.line(t) for t in g] for g in duty.get("or_when", []))]
            awaited = set(duty.get("waits_for", []))
            said = {
                known.all_say(group)
                for group in groups
                if not any(line.name in awaited and known.one[line.name] is None for line in group)
            }
            if True in said or (None in said and not duty.get("waits", False)):
                yield duty["id"], True in said


def columns(taken: Mapping[str, str], facts: Mapping[str, Fact]) -> dict[str, str]:
    """The columns of both tables for one set of answers."""
    cell = {name: taken[name] for name in ("mappa", "matac", "stands_aside", "identified")}
    for column, (question, refusal, words) in PANELS.items():
        answer = taken[question]
        cell[column] = (
            "none" if answer in {"no", "none"} else "declined" if facts[refusal] else words.get(answer, answer)
        )
    matac = "declined" if facts["declined_matac"] else "barred" if taken["matac_barred"] == "yes" else "open"
    cell["matac_path"] = matac if taken["matac"] == "yes" else "none"
    heard = "discharged" if facts["marac_stage"] == "DISCHARGED" else "open"
    marac = "declined" if facts["declined_marac"] else heard
    cell["marac_path"] = marac if taken["marac"] == "yes" else "none"
    cell["mappa_path"] = mappa_path(
        taken["mappa"],
        no_level_2=bool(facts["declined_mappa_l2"]),
        no_agency=bool(facts["declined_mappa_l1_lead_agency"]),
    )
    return cell


def mappa_path(state: str, *, no_level_2: bool, no_agency: bool) -> str:
    table = {
        ("referable", False, False): "refer",
        ("referable", False, True): "refer",
        ("l1", False, False): "lead_agency",
        ("l1", True, False): "lead_agency",
        ("l1_escalating", False, False): "propose_l2",
        ("l1_escalating", False, True): "propose_l2_alone",
        ("l1_escalating", True, False): "lead_agency_keeps",
    }
    return state if state in {"l2", "l3"} else table.get((state, no_level_2, no_agency), "none")


def columns_that_could_be(possible: Mapping[str, set[str]], facts: Mapping[str, Fact]) -> dict[str, set[str]]:
    """Every value each column could have: questions are independent, so each column is tried by itself."""
    settled = {name: min(values) for name, values in possible.items()}
    inputs = {"matac_path": ("matac", "matac_barred"), "mappa_path": ("mappa",), "marac_path": ("marac",)}
    inputs |= {column: (question,) for column, (question, _, _) in PANELS.items()}
    could: dict[str, set[str]] = {}
    for column in columns(settled, facts):
        names = inputs.get(column, (column,))
        ways = product(*(sorted(possible[name]) for name in names))
        could[column] = {columns({**settled, **dict(zip(names, way, strict=True))}, facts)[column] for way in ways}
    return could

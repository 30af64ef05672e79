"""A second implementation of the policy language, for tests only: it reads the TOML and tries every value.

It imports nothing of the engine. A question is met by a rule that holds on what is known. It is open when no rule
holds and one does for some value of the facts that are not known, every one of which is tried. For a lead it looks for
the one row that applies and fails when there are two.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    "youth": ("no", "under_age", "yes"),
    "identified": ("yes", "no"),
    "child_victim": ("no", "yes"),
    "stands_aside": ("no", "yes"),
}
PANELS = {
    "iom_path": ("iom", "declined_iom", {"owns": "met"}),
    "dapp_path": ("dapp", "declined_dapp", {"leads": "met"}),
    "pdp_path": ("pdp", "declined_pdp", {"yes": "met"}),
    "custody_path": ("custody", "declined_prison_omu", {"yes": "met"}),
    "child_path": ("child_victim", "declined_childrens_social_care", {"yes": "met"}),
}
MAY_BE_OPEN = ("marac", "matac", "mappa")
HOURS = {"hours": 1, "working days": 25, "days": 24, "weeks": 168, "months": 720, "at": 720}
AT_LEAST = {"at once": 0, "before": 12, "same day": 18}
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

    def holds(self, value: Fact) -> bool:  # noqa: PLR0911
        if self.operator == "is" or value is None:
            return self.operator == "is" and value is None
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


@dataclass(frozen=True)
class Asked:
    """What one post is asked: by fact what it decides and by when, the clock, and whether it is the hub's review."""

    items: dict[str, tuple[frozenset[str], tuple[str, int]]]
    first: str
    clock: tuple[str, int]
    reviews: bool


@dataclass(frozen=True)
class Outcome:
    """What the engine must agree with."""

    outcomes: dict[str, str]
    fired: list[str]
    victims: list[str]
    perpetrators: list[str]
    held_by: str
    supports: set[str]
    duties: set[str]
    dangers: set[str]
    warnings: set[str]
    open: dict[str, set[str]]
    enquiries: dict[str, Asked]
    not_looked_up: set[str]


@dataclass
class Case:
    """One case: the value of every name, None where nobody knows it, and the facts that nobody stated."""

    values: dict[str, Fact]
    unsaid: set[str]


class Second:
    """One policy, read once."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.parameters = {name: each["value"] for name, each in raw["param"].items()}
        self.rules = {q: [r for r in raw["rule"] if q in r["then"].split()] for q in ANSWERS}
        self.lines = {id(part): [self.line(text) for text in part["when"]] for part in self._parts()}
        self.groups = {
            duty["id"]: [self.lines[id(duty)], *([self.line(t) for t in g] for g in duty.get("or_when", []))]
            for duty in raw["duty"]
        }
        self.dangers = {
            duty["id"]: [[self.line(t) for t in g] for g in duty.get("life_safety_when", [[]])]
            for duty in raw["duty"]
            if duty.get("life_safety")
        }
        self.tried = {name: self._tried(name) for name in raw["fact"]}
        self.asked = [name for name, fact in raw["fact"].items() if fact["silence"] == "ask"]

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
        case = self.case(facts)
        answers: dict[str, str] = {}
        fired: list[str] = []
        raising: dict[str, set[str]] = {}
        screened = True
        for question in ANSWERS:
            held = [rule for rule in self.rules[question] if self.all_hold(self.lines[id(rule)], case)]
            fired += [rule["id"] for rule in held]
            answers[question], raising[question] = self._answer(question, held, case, ask=screened)
            case.values[question] = answers[question]
            if question == "marac":
                screened = answers["marac"] == "open" or self._review(case) is not None
        victims = self._in_order("victim_lead", answers, facts)
        perpetrators = self._in_order("perpetrator_lead", answers, facts)
        case.values |= columns(answers, facts)
        case.values["victim_lead"] = self._lead("victim_lead", victims[0])
        case.values["perpetrator_lead"] = self._lead("perpetrator_lead", perpetrators[0])
        owner = str(facts["held_by"])
        return Outcome(
            outcomes=answers,
            fired=fired,
            victims=victims,
            perpetrators=perpetrators,
            held_by="HUB" if facts.get(f"declined_{owner.lower()}") else owner,
            supports={part["id"] for part in self.raw["support"] if self.all_hold(self.lines[id(part)], case)},
            duties={duty["id"] for duty in self.raw["duty"] if self._arises(duty, case) and not duty.get("screens")},
            dangers={duty["id"] for duty in self.raw["duty"] if self._is_danger(duty, case)},
            warnings={part["id"] for part in self.raw["warning"] if self.all_hold(self.lines[id(part)], case)},
            open={name: raising[name] for name, answer in answers.items() if answer == "open"},
            enquiries=self._enquiries(case, facts, raising) if screened else {},
            not_looked_up=set() if screened else case.unsaid,
        )

    def case(self, facts: Mapping[str, Fact]) -> Case:
        """What is known of every name at first."""
        heard = {name: self._heard(name, facts[name]) for name in facts}
        return Case({**self.parameters, **heard}, {name for name in self.asked if facts[name] is None})

    def _heard(self, name: str, value: Fact) -> Fact:
        """The value, or how silence about this fact is read."""
        fact = self.raw["fact"][name]
        if value is not None:
            return value
        if fact["silence"] == "no":
            return fact.get("min", 0) if fact["type"] == "number" else False
        return fact.get("meanwhile")

    @staticmethod
    def _said(line: Line, case: Case) -> Fact:
        """What the line is compared with: `is unknown` asks whether anybody stated it, whatever stands meanwhile."""
        return None if line.operator == "is" and line.name in case.unsaid else case.values[line.name]

    def all_hold(self, lines: Iterable[Line], case: Case) -> bool:
        return all(line.holds(self._said(line, case)) for line in lines)

    def _could_hold(self, lines: list[Line], case: Case) -> bool:
        """Whether the lines hold for some value of the facts that nobody knows."""
        open_names = self._waiting(lines, case)
        for way in product(*(self.tried[name] for name in open_names)):
            values = dict(zip(open_names, way, strict=True))
            if all(
                line.holds(
                    values[line.name] if line.name in values and line.operator != "is" else self._said(line, case)
                )
                for line in lines
            ):
                return True
        return False

    @staticmethod
    def _waiting(lines: list[Line], case: Case) -> list[str]:
        """The names of the lines that nobody knows."""
        return sorted({line.name for line in lines if line.operator != "is" and case.values[line.name] is None})

    def _answer(self, question: str, held: list[Raw], case: Case, *, ask: bool) -> tuple[str, set[str]]:
        """The answer, and the facts not known that could still raise it."""
        order = ANSWERS[question]
        if any(rule["then"].startswith("not ") for rule in held):
            return order[0], set()
        answer = max((self._value(rule) for rule in held), key=order.index, default=order[0])
        above = [
            self._waiting(self.lines[id(rule)], case)
            for rule in self.rules[question]
            if ask
            and not rule["then"].startswith("not ")
            and order.index(self._value(rule)) > order.index(answer)
            and self._could_hold(self.lines[id(rule)], case)
        ]
        waiting = {name for names in above for name in names}
        return ("open" if above and answer == order[0] and question in MAY_BE_OPEN else answer), waiting

    @staticmethod
    def _value(rule: Raw) -> str:
        return str([*rule["then"].split(), "yes"][1])

    def _arises(self, duty: Raw, case: Case) -> bool:
        return any(self.all_hold(group, case) for group in self.groups[duty["id"]])

    def _is_danger(self, duty: Raw, case: Case) -> bool:
        marked = any(self.all_hold(group, case) for group in self.dangers.get(duty["id"], []))
        return marked and self._arises(duty, case)

    def _review(self, case: Case) -> Raw | None:
        return next((duty for duty in self.raw["duty"] if duty.get("screens") and self._arises(duty, case)), None)

    def _waits_for(self, duty: Raw, case: Case) -> set[str]:
        """The facts that decide whether the duty arises: those that could bring it, and those whose answer ends it."""
        groups = self.groups[duty["id"]]
        arising = [group for group in groups if self.all_hold(group, case)]
        if any(all(line.operator != "is" for line in group) for group in arising):
            return set()
        could = [group for group in groups if group not in arising and self._could_hold(group, case)]
        return {name for group in could for name in self._waiting(group, case)} | {
            line.name for group in arising for line in group if line.operator == "is"
        }

    def _enquiries(self, case: Case, facts: Mapping[str, Fact], raising: Mapping[str, set[str]]) -> dict[str, Asked]:
        decides: dict[str, set[str]] = {"seen_alone": set()} if facts["seen_alone"] is None else {}
        waiting = {**raising}
        waiting |= {d["id"]: self._waits_for(d, case) for d in self.raw["duty"] if not d.get("screens")}
        for decided, names in waiting.items():
            for name in names:
                decides.setdefault(name, set()).add(decided)
        for name in case.unsaid:
            if "meanwhile" in self.raw["fact"][name]:
                decides.setdefault(name, set())
        if facts["perpetrator_known"] is False:
            decides = {n: d for n, d in decides.items() if not self.raw["fact"][n].get("needs_identity")}
        judge = facts["red_flag"] is True and facts["judged_high"] is None
        if judge:
            decides = {"judged_high": set(), **decides}
        return {
            role: asked
            for role in dict.fromkeys(("PVP_HUB", "SUPERVISING_PRACTITIONER", *map(self._post, decides)))
            if (asked := self._of(role, decides, case, judge))
        }

    def _post(self, fact: str) -> str:
        """The post that looks the fact up."""
        return str(self.raw["fact"][fact]["find_out"]["owner"])

    def _of(self, role: str, decides: Mapping[str, set[str]], case: Case, judge: bool) -> Asked | None:
        """What the post is asked: what it looks up, and what the supervisor knows for the supervisor too."""
        hub = role == "PVP_HUB"
        supervisor = role == "SUPERVISING_PRACTITIONER" and case.values["supervised"] is True
        own = {
            n: d
            for n, d in decides.items()
            if self._post(n) == role or (supervisor and self.raw["fact"][n].get("supervisor_knows"))
        }
        review = self._review(case) if hub else None
        if not own and review is None:
            return None
        due = {name: self._item_due(name, decided) for name, decided in own.items()}
        within_marac = (
            [self.due(self.raw["outcome"]["marac"]["open"]["within"])]
            if hub and any("marac" in d for d in own.values())
            else []
        )
        clock = self.due(review["due"]) if review else min((*due.values(), *within_marac), key=self.length)
        items = {n: (frozenset(d), min(due[n], clock, key=self.length)) for n, d in own.items()}
        first = "judged_high" if judge and hub else ""
        return Asked(items, first, clock, review is not None)

    def _item_due(self, name: str, decided: set[str]) -> tuple[str, int]:
        rules = [self.due(self.raw["fact"][name]["find_out"]["within"])]
        due = [duty["due"] for duty in self.raw["duty"] if duty["id"] in decided]
        rules += [
            self.due(text) for text in due if text == "same day" or text.endswith((" decision", " next_school_day"))
        ]
        return min(rules, key=self.length)

    def due(self, text: str) -> tuple[str, int]:
        """The unit and the number of a due rule."""
        if text in {"at once", "same day"}:
            return text, 0
        if text.startswith("before "):
            return "before", 0
        number, *rest = text.split()
        unit = " ".join(rest).split(" from ")[0].split(" before ")[0]
        return unit, int(number) if number.isdigit() else int(self.parameters[number])

    @staticmethod
    def length(due: tuple[str, int]) -> int:
        """How long the due rule runs at least, in hours."""
        unit, number = due
        return AT_LEAST[unit] if unit in AT_LEAST else HOURS[unit] * max(number, 1)

    def _in_order(self, table: str, answers: Mapping[str, str], facts: Mapping[str, Fact]) -> list[str]:
        said = dict(facts)
        asked = [self._row(table, columns(answers, said))]
        while (lead := asked[-1]["lead"]) not in CANNOT_DECLINE:
            said[f"declined_{lead.lower()}"] = True
            following = self._row(table, columns(answers, said))
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


def columns(taken: Mapping[str, str], facts: Mapping[str, Fact]) -> dict[str, str]:
    """The columns of both tables for one set of answers."""
    cell = {name: taken[name] for name in ("mappa", "matac", "stands_aside", "identified")}
    for column, (question, refusal, words) in PANELS.items():
        answer = taken[question]
        cell[column] = (
            "none" if answer in {"no", "none"} else "declined" if facts[refusal] else words.get(answer, answer)
        )
    asked_of_youth = {"yes": ("youth_justice", "met"), "under_age": ("childrens_social_care", "social_care")}
    forum, path = asked_of_youth.get(taken["youth"], ("youth_justice", "none"))
    cell["youth_path"] = "declined" if path != "none" and facts[f"declined_{forum}"] else path
    matac = "declined" if facts["declined_matac"] else "barred" if taken["matac_barred"] == "yes" else "met"
    cell["matac_path"] = {"yes": matac, "open": "open"}.get(taken["matac"], "none")
    heard = "discharged" if facts["marac_stage"] == "DISCHARGED" else "met"
    marac = "declined" if facts["declined_marac"] else heard
    cell["marac_path"] = {"yes": marac, "open": "open"}.get(taken["marac"], "none")
    cell["mappa_path"] = mappa_path(
        taken["mappa"],
        no_level_2=bool(facts["declined_mappa_l2"]),
        no_agency=bool(facts["declined_mappa_l1_lead_agency"]),
        holder=facts["supervised"] is True and not facts["declined_supervising_service"],
    )
    return cell


def mappa_path(state: str, *, no_level_2: bool, no_agency: bool, holder: bool) -> str:
    if state in {"open", "referable"}:
        asked = state == "referable" and not no_level_2
        meanwhile = "supervised" if holder else ("open" if state == "open" else "none")
        return ("refer_supervised" if holder else "refer") if asked else meanwhile
    table = {
        ("l1", False, False): "lead_agency",
        ("l1", True, False): "lead_agency",
        ("l1_escalating", False, False): "propose_l2",
        ("l1_escalating", False, True): "propose_l2_alone",
        ("l1_escalating", True, False): "lead_agency_keeps",
    }
    return state if state in {"l2", "l3"} else table.get((state, no_level_2, no_agency), "none")

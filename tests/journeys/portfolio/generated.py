"""Referrals as police hubs send them: synthetic, always the same, and mostly without the optional fields.

Grades come as 12 % HIGH, 35 % MEDIUM and 53 % STANDARD [B]. Every share below is a default of this product [I]: nobody
publishes how often a hub fills in an optional field. It is put low, because hubs send what the form on the table says.

| Part | Share |
|---|---|
| couple | new; 6 % report again, 4 % the perpetrator of an earlier report and another victim |
| ages | victim 70 %, 2 % of them 12-15; perpetrator 60 %, 3 % of them 14-17 |
| form | DASH24 70 %, DASH27 15 %, DARA 15 % (no ticks); ticks by grade; not complete 15 %, with 1-10 not answered |
| seen alone | said 50 %, and then true 80 % |
| red flags | each 15 % on HIGH, 5 % on MEDIUM, 1 % on STANDARD; judged high though graded lower 1 % |
| events | one 85 %, two 10 %, three 5 %, over the last year, each with its number |
| perpetrator | not identified 3 %; MAPPA level said 20 % (0 to 3: 80, 13, 5, 2 %); in custody said 20 % (10 %) |
| more | convictions 10 % (half: none), licence 5 %, order 6 % (a third breached), children 25 % (a third: none) |
| route | 1 % the disclosure panel, 1 % a transfer; otherwise police |

The seed is 20261129. A smaller number is the beginning of the same thousand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from tests.journeys.portfolio.bodies import Row, body_of

SEED = 20261129
GRADES = {"HIGH": 12, "MEDIUM": 35, "STANDARD": 53}
TOOLS = {"DASH24": 70, "DASH27": 15, "DARA": 15}
TICKS = {"HIGH": (9, 20), "MEDIUM": (5, 13), "STANDARD": (0, 6)}
RED_FLAGS = ("strangulation", "threats_to_kill", "separation", "pregnancy")
RED_FLAG_SHARE = {"HIGH": 0.15, "MEDIUM": 0.05, "STANDARD": 0.01}
LEVELS = {0: 80, 1: 13, 2: 5, 3: 2}


@dataclass
class Hub:
    """One hub that sends referrals, and the people of whom it has sent any."""

    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - referrals, not secrets
    couples: list[tuple[str, str]] = field(default_factory=list)
    new_people: int = 0

    def referral(self, now: datetime) -> Row:
        """The next referral, sent `now`. `DV-n` is its number, and a victim's first is the one with their number."""
        grade = self._one_of(GRADES)
        words = {"victim": {}, "perpetrator": {}, **self._route()}
        words["victim"]["ref"], words["perpetrator"]["ref"] = couple = self._couple()
        self.couples.append(couple)
        words["victim"] |= self._age(0.7, (12, 15), 0.02)
        words["perpetrator"] |= self._perpetrator()
        words |= {"assessment": self._assessment(grade), "incidents": self._events()}
        words |= self._orders() | self._children()
        return body_of(words, now, now) | {"source_reference": f"DV-{len(self.couples)}"}

    def _couple(self) -> tuple[str, str]:
        kind = self._one_of({"new": 90, "again": 6, "another victim": 4} if self.couples else {"new": 1})
        if kind == "again":
            return self.chance.choice(self.couples)
        self.new_people += 1
        perpetrator = self.chance.choice(self.couples)[1] if kind == "another victim" else f"P-{self.new_people}"
        return f"V-{self.new_people}", perpetrator

    def _perpetrator(self) -> Row:
        if self._is(0.03):
            return {"known": False, "ref": "-"}
        told = self._age(0.6, (14, 17), 0.03)
        if self._is(0.2):
            level = self._one_of(LEVELS)
            told["mappa"] = {"level": level, "category": 2} if level else {"not_managed": True}
        if self._is(0.2):
            told["in_custody"] = self._is(0.1)
        if self._is(0.1):
            assault = {"offence": "common_assault", "days_ago": 400, "sentence": "COMMUNITY"}
            told["convictions"] = [] if self._is(0.5) else [assault]
        if self._is(0.05):
            days = self.chance.randint(20, 400)
            told["licences"] = [{"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "days_left": days}]
        return told

    def _assessment(self, grade: str) -> Row:
        told: Row = {"tool": self._one_of(TOOLS), "officer_grade": grade}
        if told["tool"] != "DARA":
            told |= {"ticks": self.chance.randint(*TICKS[grade]), "completed": True}
            if self._is(0.15):
                most = (24 if told["tool"] == "DASH24" else 27) - told["ticks"]
                told |= {"completed": False, "unanswered": min(self.chance.randint(1, 10), most)}
        if self._is(0.5):
            told["seen_alone"] = self._is(0.8)
        told |= {flag: True for flag in RED_FLAGS if self._is(RED_FLAG_SHARE[grade])}
        if grade != "HIGH" and self._is(0.01):
            told["judged_high"] = True
        return told

    def _events(self) -> list[Row]:
        several = self.chance.choices([1, 2, 3], [85, 10, 5])[0]
        days = [1, *(self.chance.randint(20, 350) for _ in range(several - 1))]
        return [{"days_ago": each, "number": f"C-{len(self.couples)}-{place}"} for place, each in enumerate(days)]

    def _orders(self) -> Row:
        if not self._is(0.06):
            return {}
        return {"orders": [{"kind": "NON_MOLESTATION_ORDER", "breached": self._is(0.33)}]}

    def _children(self) -> Row:
        if not self._is(0.25):
            return {}
        age, number = self.chance.randint(0, 17), len(self.couples)
        return {"children": [] if self._is(0.33) else [{"ref": f"K-{number}", "age": age, "in_household": True}]}

    def _route(self) -> Row:
        route = self._one_of({"POLICE_DASH": 98, "DVDS_PANEL": 1, "TRANSFER": 1})
        return {"route": route}

    def _age(self, share: float, young: tuple[int, int], young_share: float) -> Row:
        if not self._is(share):
            return {}
        return {"age": self.chance.randint(*young) if self._is(young_share) else self.chance.randint(18, 75)}

    def _is(self, share: float) -> bool:
        return self.chance.random() < share

    def _one_of(self, shares: dict[Any, int]) -> Any:
        return self.chance.choices(list(shares), list(shares.values()))[0]


def first_reports(bodies: list[Row]) -> Iterator[bool]:
    """Whether each is the first report of its victim."""
    known: set[str] = set()
    for body in bodies:
        yield body["victim"]["ref"] not in known
        known.add(body["victim"]["ref"])

"""L7 over statements: what a second author says lowers no outcome, ends no duty and takes no warning back.

It may settle what the first author left open, and no more. Every leaf of the request is tried, in every kind of case
below, with each value that it can have beside each other value and beside silence.
"""

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple, get_args, get_origin

import pytest
from pydantic import BaseModel

from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.births import FIELDS
from app.referrals.statements.lists import KEYS
from app.routing.policy.types import Fact, FactType, Policy
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Grade
from tests.intake.statements.stated import IDVA, POLICE, PROBATION, Body, Said, decided, known
from tests.routing.given import baseline

EVENT = {"occurred_at": "2026-03-09T21:00:00Z", "reported_at": "2026-03-09T22:00:00Z", "force": POLICE}
EARLIER = [
    EVENT | {"occurred_at": f"2026-0{month}-03T21:00:00Z", "reported_at": f"2026-0{month}-03T22:00:00Z"}
    for month in (1, 2)
]
COUPLE: Body = {"victim": {"ref": "V-1", "age": 34}, "perpetrator": {"ref": "P-1", "age": 41}}
MEDIUM = {"tool": "DASH24", "ticks": 4, "unanswered": 0, "completed": True, "officer_grade": "MEDIUM"}
CASES: dict[str, Body] = {
    "a high one of whom little is known": {"assessment": MEDIUM | {"officer_grade": "HIGH"}},
    "managed at level 1 with something new": {
        "assessment": MEDIUM | {"seen_alone": False, "unanswered": 2},
        "consent": "REFUSED",
        "perpetrator": {
            "mappa": {"level": 1, "category": 3},
            "rosh": {"known_adult": "LOW", "public": "MEDIUM", "assessed_on": "2026-01-01"},
            "escalations": [{"kind": "NEW_RELATIONSHIP", "observed_on": "2026-01-20"}],
            "licences": [{"kind": "COMMUNITY_ORDER"}],
            "convictions": [],
        },
        "orders": [{"kind": "OCCUPATION_ORDER", "breached": True}, {"kind": "DVPO", "protected_ref": "V-9"}],
        "children": [{"ref": "C-1", "age": 6, "in_household": True}],
        "claims": [{"forum": "IOM", "claimed_by": "X"}],
        "disclosure": {},
    },
    "sentenced and not managed, heard elsewhere": {
        "assessment": MEDIUM | {"judged_high": True},
        "perpetrator": {
            "mappa": {"not_managed": True},
            "in_custody": True,
            "convictions": [
                {
                    "offence": "actual_bodily_harm",
                    "convicted_on": "2025-06-01",
                    "sentence": "CUSTODY",
                    "sentence_months": 24,
                }
            ],
            "licences": [{"kind": "LICENCE", "ends_on": "2026-03-20"}],
        },
        "marac_history": {"last_heard_on": "2025-11-09"},
    },
    "a quiet one": {
        "assessment": MEDIUM | {"officer_grade": "STANDARD", "seen_alone": True},
        "victim": {"home_area": "ANYTOWN"},
        "perpetrator": {
            "home_area": "OTHERTON",
            "mappa": {"level": 1, "last_reviewed_on": "2024-06-01"},
            "custody_periods": [{"from_on": "2026-01-01"}],
            "panels": {"iom": "ACCEPTED", "matac": "ACCEPTED", "pdp": "ACCEPTED"},
        },
        "orders": [],
        "children": [{"ref": "C-1", "age": 6, "perpetrator_access": True, "known_to_social_care": True}],
    },
}
DAYS = ("2023-01-01", "2025-11-09", "2026-03-10", "2026-03-19", "2027-01-01")
VALUES: dict[str, tuple[Any, ...]] = {
    "age": (3, 6, 15, 17, 18, 30),
    "birth_year": (1996, 2008, 2011, 2020, 2023),
    "ticks": (3, 8, 16),
    "unanswered": (0, 10),
    "category": (1, 2, 3, 4),
    "level": (1, 2, 3),
    "not_managed": (True,),
    "rfgv_score": (0, 100),
    "rfgv_rank": (1, 99_999),
    "sentence_months": (3, 24),
    "offence": ("actual_bodily_harm", "theft"),
    "ref": ("C-1", "C-2"),
    "occurred_at": (EVENT["occurred_at"], EARLIER[0]["occurred_at"], "2026-03-10T08:00:00Z"),
    "reported_at": (EVENT["reported_at"], "2026-03-10T09:00:00Z"),
    "force": (POLICE, "NORTHSHIRE-POLICE"),
    "source_reference": ("C-1", "C-2"),
    "victim_ref": ("V-1", "V-2"),
    "perpetrator_ref": ("P-1", "P-2"),
    "protected_ref": ("V-1", "V-2"),
    "language": ("cy", "pl"),
    "also_harmed": (("V-1",), ("V-2", "V-3")),
}
ENTRIES: dict[str, Body] = {
    "perpetrator.convictions": {"offence": "actual_bodily_harm", "convicted_on": "2025-06-01"},
    "perpetrator.licences": {"kind": "LICENCE"},
    "perpetrator.escalations": {"kind": "INCIDENT_REPORT", "observed_on": "2026-02-20"},
    "perpetrator.custody_periods": {"from_on": "2026-01-01"},
    "orders": {"kind": "DVPO"},
    "children": {"ref": "C-1", "in_household": True},
    "claims": {"forum": "IOM", "claimed_by": "X"},
    "must_not_be_told": {"who": "COMMUNITY"},
    "incidents": EVENT,
}
# They say which referral it is, or who the two people are.
NOT_OF_THE_CASE = {
    "source_system",
    "source_reference",
    "area",
    "referrer_role",
    "not_for_disclosure",
    "victim.ref",
    "victim.identifiers",
    "perpetrator.ref",
    "perpetrator.identifiers",
}


class Leaf(NamedTuple):
    """A value that a request can state: in a list, or by its path."""

    path: str
    part: str | None
    values: tuple[Any, ...]

    def stated(self, value: Any) -> Said:
        """What an author says who says nothing else; None: nothing."""
        if value is None:
            return Said("", {})
        name = self.path.rpartition(".")[2]
        if self.part is None:
            return Said("", nested(self.path, value))
        entry = ENTRIES[self.part] | {name: value}
        if self.part == "incidents":
            return Said("", {}, [entry])
        return Said("", nested(self.part, [entry]))


def nested(path: str, value: Any) -> Body:
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def leaves(shape: type[BaseModel], within: str = "", part: str | None = None) -> Iterator[Leaf]:
    for name, field in shape.model_fields.items():
        path = f"{within}{name}"
        if path in NOT_OF_THE_CASE:
            continue
        section = section_of(field.annotation)
        if section is not None:
            yield from leaves(section, f"{path}.", path if path in KEYS or path == "incidents" else part)
        else:
            yield Leaf(path, part, values_of(name, field.annotation))


def section_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := section_of(one)) is not None), None)


def values_of(name: str, annotation: Any) -> tuple[Any, ...]:
    """The values of a leaf; of a list of words none of them, and each by itself."""
    each = words_of(name, annotation)
    return ([], *([one] for one in each)) if is_list(annotation) else each


def is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(is_list(one) for one in get_args(annotation))


def words_of(name: str, annotation: Any) -> tuple[Any, ...]:
    kinds = list(kinds_in(annotation))
    if name in VALUES:
        return VALUES[name]
    if any(issubclass(one, StrEnum) for one in kinds):
        return tuple(each.value for one in kinds if issubclass(one, StrEnum) for each in one)
    if bool in kinds:
        return True, False
    if name.endswith(("_on", "_date", "_since")):
        return DAYS
    if name.endswith("_at"):
        return tuple(f"{day}T08:00:00Z" for day in DAYS)
    return POLICE, PROBATION, IDVA


def kinds_in(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for one in get_args(annotation):
        yield from kinds_in(one)


LEAVES = tuple(leaves(ReferralRequest))


def merged(one: Body, other: Body) -> Body:
    both = deepcopy(one)
    for name, value in other.items():
        both[name] = merged(both.get(name, {}), value) if isinstance(value, dict) else value
    return both


class Try(NamedTuple):
    """A case, a leaf, and what its first and its second author say of it."""

    case: str
    leaf: Leaf
    first: Any
    second: Any

    def said(self, authors: tuple[str, str]) -> tuple[Said, Said]:
        told, added = self.leaf.stated(self.first), self.leaf.stated(self.second)
        first = merged(merged(COUPLE, CASES[self.case]), told.document)
        return (
            Said(authors[0], first, [EVENT, *EARLIER[:1], *told.incidents]),
            Said(authors[1], added.document, added.incidents),
        )


def tries(leaf: Leaf) -> Iterator[Try]:
    for case, first, second in product(CASES, (None, *leaf.values), leaf.values):
        yield Try(case, leaf, first, second)


# Each of these ends what it asked for, or rises to what protects more, beside what the policy calls riskier when it
# rises.
ENDS: Mapping[str, str] = {
    "safe_contact_recorded": "D09 asks for safe contact, and ends when somebody has recorded it",
    "perpetrator_known": "E02 asks who it is, and ends when somebody knows",
    "supervised_without_recall": "a licence of which one author tells can be recalled",
    "occupation_order_breached": "the breach of another order can be arrested for",
    "unproved_claim": "E03 asks whoever may say to check the claim, and nobody else can: that is tried by name",
    "in_custody": "inside and outside each has its duties: the question is open, and the sentence goes on to count",
    "iom_registered": "a panel that may not have the case keeps no other from being asked",
    "dapp_case_open": "a panel that may not have the case keeps no other from being asked",
    "relationship": "the relation for which more is owed stands, and ends the warning that the two are not connected",
    "contact_held": "contact that may harm waits for the agreement that D06.agree asks for",
}
TRIED = 12
# Two ages leave the age open: tried in test_statements_by_author.
BOTH_ARE_OPEN = {f"{who}.{name}" for who in ("victim", "perpetrator") for name in FIELDS}


class Known(NamedTuple):
    """The facts of a case, and the decision on them."""

    facts: Mapping[str, Fact]
    decision: RoutingDecision

    def rank(self, outcome: str) -> float:
        answer, values = self.decision.outcomes[outcome], baseline().outcomes[outcome].values
        return 0.5 if answer == "open" else float(values.index(answer))

    def owed(self) -> set[str]:
        return {one.id for one in (*self.decision.duties, *self.decision.warnings)}


def rose(policy: Policy, before: Known, after: Known) -> set[str]:
    """The facts and outcomes by which the case protects more, or whose change ends what asked for it."""
    risen = {
        name
        for name, fact in policy.facts.items()
        if fact.riskier and _more(fact, after.facts[name], before.facts[name])
    }
    ends = set(ENDS) | ({"rosh_contradiction"} if after.facts["rosh_high"] else set())
    ended = {name for name in ends if after.facts[name] != before.facts[name]}
    return risen | ended | {name for name in policy.outcomes if after.rank(name) > before.rank(name)}


def _more(fact: FactType, now: Fact, was: Fact) -> bool:
    if now is None or was is None:
        return now is None and was is not None
    if fact.values:
        return fact.values.index(str(now)) > fact.values.index(str(was))
    return now > was  # type: ignore[operator]


def lost(before: Known, after: Known) -> set[str]:
    """What the second author's statement lowered or ended, and nothing that rose has taken its place."""
    policy = baseline()
    risen = rose(policy, before, after)
    lowered = {name for name in policy.outcomes if after.rank(name) < before.rank(name)}
    lowered -= {name for name in lowered if risen & _read_by_outcome(policy, name)}
    replaced = risen | {name for name in policy.outcomes if after.rank(name) < before.rank(name)} - lowered
    gone = {one for one in before.owed() - after.owed() if not replaced & _read_by(policy, one)}
    return lowered | gone


def _read_by(policy: Policy, identifier: str) -> set[str]:
    """The facts and outcomes that the duty or the warning of this id reads."""
    ways = {one.id: one.when_any for one in policy.duties} | {one.id: (one.when,) for one in policy.warnings}
    return {condition.left.removesuffix("_path") for way in ways[identifier] for condition in way}


def _read_by_outcome(policy: Policy, outcome: str) -> set[str]:
    return {condition.left for rule in policy.rules if rule.outcome == outcome for condition in rule.when}


def broken(one: Try, authors: tuple[str, str]) -> set[str]:
    """What the second author lowered, against the first author's facts with what the second one settled of them."""
    first, second = one.said(authors)
    alone, together = known(first), known(first, second)
    settled = {name: together[name] if fact is None else fact for name, fact in alone.items()}
    if settled == together:
        return set()
    return lost(Known(settled, decided(settled)), Known(together, decided(together)))


AUTHORS = ((POLICE, IDVA), (IDVA, POLICE), (PROBATION, IDVA))


@pytest.mark.parametrize(
    "leaf", [leaf for leaf in LEAVES if leaf.path not in BOTH_ARE_OPEN], ids=lambda leaf: leaf.path
)
def test_second_author_lowers_nothing_by_any_fact(leaf: Leaf) -> None:
    among = list(product(tries(leaf), AUTHORS))

    for one, authors in random.Random(leaf.path).sample(among, min(TRIED, len(among))):  # noqa: S311 - a sample
        assert broken(one, authors) == set(), (one, authors)


@pytest.mark.proof
@pytest.mark.parametrize("authors", AUTHORS, ids=" then ".join)
def test_second_author_lowers_nothing_by_any_fact_in_any_case(authors: tuple[str, str]) -> None:
    tried = [one for leaf in LEAVES if leaf.path not in BOTH_ARE_OPEN for one in tries(leaf)]

    found = {one: what for one in tried if (what := broken(one, authors))}

    assert found == {}
    assert len(tried) > 5_000


def test_law_notices_a_statement_that_lowers() -> None:
    quiet = known(Said(POLICE, COUPLE | {"assessment": MEDIUM}))
    high = quiet | {"grade": Grade.HIGH}

    assert "D02" in lost(Known(high, decided(high)), Known(quiet, decided(quiet)))

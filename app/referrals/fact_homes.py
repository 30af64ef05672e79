"""Where a request states a fact that a post is asked for, so that an answer is kept like any other statement.

A fact without a home here is counted or concluded from many statements. Its answer stays on its question and counts
where the statements leave the fact open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.referrals.schemas.requests import LearnedRequest
from app.routing.policy.types import Value
from app.routing.policy.vocabulary import NOT_MANAGED


@dataclass(frozen=True, slots=True)
class FactHome:
    """The path of the field in a request, and how the fact's value is written there.

    `settles` are the fields beside it that the answer settles as well, unless they are answered themselves.
    """

    path: tuple[str, ...]
    written: Callable[[Value], Value | dict[str, Value]] = lambda value: value
    settles: Mapping[str, Value] = field(default_factory=dict)


def _as_mappa(level: Value) -> dict[str, Value]:
    return {"not_managed": True} if level == NOT_MANAGED else {"level": int(level)}


HOMES: Mapping[str, FactHome] = {
    "assessment_tool": FactHome(("assessment", "tool")),
    # How many were ticked after all: then none is unanswered any more.
    "ticks": FactHome(("assessment", "ticks"), settles={"unanswered": 0}),
    "unanswered": FactHome(("assessment", "unanswered")),
    "grade": FactHome(("assessment", "hub_grade")),
    "judged_high": FactHome(("assessment", "judged_high")),
    "seen": FactHome(("assessment", "seen")),
    "seen_alone": FactHome(("assessment", "seen_alone")),
    "both_parties_seen": FactHome(("assessment", "both_parties_seen")),
    "consent": FactHome(("consent",)),
    "relationship": FactHome(("relationship",)),
    "victim_aware": FactHome(("victim_aware",)),
    "dapp_in_area": FactHome(("dapp_in_area",)),
    "victim_age": FactHome(("victim", "age")),
    "victim_supervised": FactHome(("victim", "under_supervision")),
    "perpetrator_age": FactHome(("perpetrator", "age")),
    "mappa_level": FactHome(("perpetrator", "mappa"), _as_mappa),
    "rfgv_score": FactHome(("perpetrator", "panels", "rfgv_score")),
    "rfgv_rank": FactHome(("perpetrator", "panels", "rfgv_rank")),
    "in_custody": FactHome(("perpetrator", "in_custody")),
    "suspect_outstanding": FactHome(("perpetrator", "suspect_outstanding")),
    "address_approved": FactHome(("perpetrator", "address_approved")),
}


def learned_from(answers: Mapping[str, Value]) -> LearnedRequest | None:
    """Returns the answers that have a home, as facts learned later; None when none has."""
    document: dict[str, Any] = {}
    for fact, value in answers.items():
        home = HOMES.get(fact)
        if home is not None:
            *sections, name = home.path
            place = document
            for section in sections:
                place = place.setdefault(section, {})
            place[name] = home.written(value)
            place.update({beside: given for beside, given in home.settles.items() if beside not in answers})
    return LearnedRequest.model_validate(document) if document else None

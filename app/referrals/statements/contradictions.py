"""Refuses a request that contradicts itself, with the pointer of each field of the contradiction.

What two requests say differently is kept and asked about (`statements.standing`): here one sender says both.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from typing import Any

from pydantic import BaseModel

from app.foundation.errors import Invalid, RequestFault
from app.referrals.statements.convictions import impossible_pairs
from app.referrals.statements.lists import KEYS
from app.referrals.statements.parts_of_a_request import (
    Contradiction,
    Document,
    arrested_and_not_arrested,
    informed_without_a_decision_to_inform,
)
from app.routing.facts.answers.questions import FLAGS, FLAGS_OF_SDASH
from app.routing.policy.vocabulary import DashAnswer

# Two convictions or licences of one kind and day can be two; of these lists each entry is one thing.
_ONE_THING = ("children", "orders", "claims", "perpetrator.custody_periods")
# What is looked up under a name, on `perpetrator`: nobody can say it of a person without one. What a form leaves empty
# or false by default says nothing of such a person and is set aside (`snapshots`): a report is not lost by it.
_LOOKED_UP = (
    "convictions",
    "notification_requirement",
    "hospital_order",
    "licences",
    "mappa",
    "rosh",
    "panels",
    "release_on",
    "address_approved",
    "address_check_requested",
    "missed_supervision",
    "practitioner_absent",
)


def refuse_contradictions(sent: BaseModel, people: tuple[str, str | None], today: date) -> None:
    """Raises `Invalid` when the request contradicts itself.

    `people` are the victim and the perpetrator of the case; None while nobody has identified the perpetrator.
    """
    document = sent.model_dump(exclude_unset=True)
    found = [pair for rule in _RULES for pair in rule(document)]
    found += [*_in_custody_and_not(document, today), *_child_is_another(document, {ref for ref in people if ref})]
    found += _looked_up_of_nobody(document, identified=people[1] is not None)
    faults = [
        RequestFault(pointer, "contradiction", f"{says}, and {other[0]}; correct one of them")
        for one, two in found
        for (says, pointer), other in ((one, two), (two, one))
    ]
    if faults:
        raise Invalid("the request contradicts itself; see `errors`", faults=list(dict.fromkeys(faults)))


def _seen_alone_and_not_seen(document: Document) -> Iterator[Contradiction]:
    seen = document.get("assessment") or {}
    if seen.get("seen") is False and seen.get("seen_alone"):
        yield (
            ("`seen` says that nobody saw the victim", "/assessment/seen"),
            ("`seen_alone` says that somebody saw the victim alone", "/assessment/seen_alone"),
        )


def _complete_and_unanswered(document: Document) -> Iterator[Contradiction]:
    form = document.get("assessment") or {}
    if form.get("completed") and form.get("unanswered"):
        yield (
            ("`completed` says that the form is complete", "/assessment/completed"),
            ("`unanswered` says that questions are left", "/assessment/unanswered"),
        )


def _held_and_outstanding(document: Document) -> Iterator[Contradiction]:
    person = document.get("perpetrator") or {}
    if person.get("in_custody") and person.get("suspect_outstanding"):
        yield (
            ("`in_custody` says that the perpetrator is held", "/perpetrator/in_custody"),
            ("`suspect_outstanding` says that they are still to be arrested", "/perpetrator/suspect_outstanding"),
        )


def _in_custody_and_not(document: Document, today: date) -> Iterator[Contradiction]:
    person = document.get("perpetrator") or {}
    if person.get("in_custody") is not False:
        return
    for place, period in enumerate(person.get("custody_periods") or ()):
        until = period.get("until_on")
        if period["from_on"] <= today and (until is None or today < until):
            yield (
                ("`in_custody` says that the perpetrator is not held", "/perpetrator/in_custody"),
                ("this period in custody has not ended", f"/perpetrator/custody_periods/{place}/until_on"),
            )


def _not_managed_and_managed(document: Document) -> Iterator[Contradiction]:
    mappa = (document.get("perpetrator") or {}).get("mappa") or {}
    for name in ("level", "category", "lead_agency", "lead_post", "started_on"):
        if mappa.get("not_managed") and mappa.get(name) is not None:
            yield (
                ("`not_managed` says that MAPPA does not manage the perpetrator", "/perpetrator/mappa/not_managed"),
                (f"`{name}` says how it does", f"/perpetrator/mappa/{name}"),
            )


def _reviewed_after_the_next_review(document: Document) -> Iterator[Contradiction]:
    mappa = (document.get("perpetrator") or {}).get("mappa") or {}
    last, following = mappa.get("last_reviewed_on"), mappa.get("next_review_on")
    if last is not None and following is not None and following < last:
        yield (
            ("`last_reviewed_on` is the day of the last review", "/perpetrator/mappa/last_reviewed_on"),
            ("`next_review_on` comes before it", "/perpetrator/mappa/next_review_on"),
        )


def _heard_and_not_heard(document: Document) -> Iterator[Contradiction]:
    history = document.get("marac_history") or {}
    if history.get("heard") is False and history.get("last_heard_on") is not None:
        yield (
            ("`heard` says no", "/marac_history/heard"),
            ("`last_heard_on` gives the day", "/marac_history/last_heard_on"),
        )


def _one_thing_twice(document: Document) -> Iterator[Contradiction]:
    """Yields two entries of one list that are one thing, and differ in what both of them state."""
    for part in _ONE_THING:
        entries: Any = document
        for name in part.split("."):
            entries = (entries or {}).get(name)
        pointer = f"/{part.replace('.', '/')}"
        for (one, first), (two, second) in combinations(enumerate(entries or ()), 2):
            if all(first.get(name) == second.get(name) for name in KEYS[part]):
                for name in sorted(first.keys() & second.keys()):
                    if None not in (first[name], second[name]) and first[name] != second[name]:
                        yield (
                            (f"entry {one} says one `{name}`", f"{pointer}/{one}/{name}"),
                            (f"entry {two} another of the same", f"{pointer}/{two}/{name}"),
                        )


def _named_and_not_known(document: Document) -> Iterator[Contradiction]:
    person = document.get("perpetrator") or {}
    if person.get("known") is False and person.get("ref") is not None:
        yield (
            ("`known` says that nobody has identified the perpetrator", "/perpetrator/known"),
            ("`ref` says who it is", "/perpetrator/ref"),
        )


def _looked_up_of_nobody(document: Document, *, identified: bool) -> Iterator[Contradiction]:
    person = document.get("perpetrator") or {}
    if person.get("ref") is not None or (identified and person.get("known") is not False):
        return
    if person.get("known"):
        yield (
            ("no `ref` says who the perpetrator is", "/perpetrator/ref"),
            ("`known` says that somebody has identified them", "/perpetrator/known"),
        )
    for name in _LOOKED_UP:
        value = person.get(name)
        leaves = value if isinstance(value, dict) else {"": value}
        for leaf in (leaf for leaf, given in leaves.items() if given):
            place = "/".join(("/perpetrator", name, *([leaf] if leaf else [])))
            yield (
                ("no `ref` says who the perpetrator is", "/perpetrator/ref"),
                (f"`{leaf or name}` is what was looked up of them", place),
            )


def _conviction_that_cannot_be(document: Document) -> Iterator[Contradiction]:
    for place, conviction in enumerate((document.get("perpetrator") or {}).get("convictions") or ()):
        for one, two in impossible_pairs(conviction):
            at = f"/perpetrator/convictions/{place}/"
            yield (one[0], at + one[1]), (two[0], at + two[1])


def _flag_and_answer_on_stalking(document: Document) -> Iterator[Contradiction]:
    form = document.get("assessment") or {}
    for flag, questions in FLAGS_OF_SDASH.items():
        for question in questions:
            if (form.get("sdash") or {}).get(question) is DashAnswer.YES:
                yield from (
                    (
                        (f"`{denied}` says no", f"/assessment/{denied}"),
                        (f"`{question}` says yes", f"/assessment/sdash/{question}"),
                    )
                    for denied in _denied(form, flag)
                )


def _denied(form: Document, flag: str) -> Iterator[str]:
    """Yields where the form says no to a flag: the flag itself, and the answer to its question."""
    if form.get(flag) is False:
        yield flag
    answers = form.get("answers") or {}
    yield from (f"answers/{name}" for name in FLAGS[flag] if answers.get(name) is DashAnswer.NO)


def _child_is_another(document: Document, people: set[str]) -> Iterator[Contradiction]:
    for place, child in enumerate(document.get("children") or ()):
        if child["ref"] in people:
            says = (f"child {place} has this pseudonym", f"/children/{place}/ref")
            yield says, ("the victim or the perpetrator has it too", f"/children/{place}/ref")


_RULES: tuple[Callable[[Document], Iterator[Contradiction]], ...] = (
    _seen_alone_and_not_seen,
    _complete_and_unanswered,
    _flag_and_answer_on_stalking,
    _conviction_that_cannot_be,
    _held_and_outstanding,
    _not_managed_and_managed,
    _reviewed_after_the_next_review,
    _heard_and_not_heard,
    _one_thing_twice,
    _named_and_not_known,
    informed_without_a_decision_to_inform,
    arrested_and_not_arrested,
)

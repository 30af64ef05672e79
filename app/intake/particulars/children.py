"""Says of each child what whoever is told of them needs: relations, order, plan, setting, and to whom to speak.

No name and no age is among it. The setting's code says where the victim may be found, so it stands in no action that
the perpetrator's side reads.
"""

from collections.abc import Iterator
from datetime import date

from app.routing.facts.protection.affected import AgeCheck, child_affected, child_at_school, child_taught_at_home
from app.routing.facts.protection.children import is_unborn, was_unborn
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.children import Child
from app.routing.policy.labels import in_words
from app.routing.policy.vocabulary import ChildPlan, ContactOrder


def for_social_care(case: CaseSnapshot, ages: AgeCheck) -> Iterator[str]:
    """Yields what children's social care asks of each affected child."""
    for child in case.children or ():
        if child_affected(child, ages) is not False:
            yield from _line(
                child, [*_relations(child), *_of_birth(child, ages.on), *_orders(child), *_plan(child), *_met(child)]
            )


def for_setting(case: CaseSnapshot, ages: AgeCheck) -> Iterator[str]:
    """Yields what the setting of each child at school is told: the setting, presence, who may ask and be spoken to."""
    yield from _of_setting(case, [child for child in case.children or () if child_at_school(child, ages)])


def for_council(case: CaseSnapshot, ages: AgeCheck) -> Iterator[str]:
    """Yields what the council is told of each child whom no school has."""
    yield from _of_setting(case, [child for child in case.children or () if child_taught_at_home(child, ages)])


def _of_setting(case: CaseSnapshot, children: list[Child]) -> Iterator[str]:
    for child in children:
        place = [f"at {child.setting}"] if child.setting else []
        yield from _line(child, [*place, *_presence(child), *_orders(child), *_parent(child, case.perpetrator.ref)])


def _line(child: Child, parts: list[str]) -> Iterator[str]:
    if parts:
        yield f"{child.ref}: {', '.join(parts)}"


def _relations(child: Child) -> Iterator[str]:
    of = {"the victim": child.relation_to_victim, "the perpetrator": child.relation_to_perpetrator}
    yield from (f"{in_words(relation)} of {person}" for person, relation in of.items() if relation is not None)


def _of_birth(child: Child, on: date) -> Iterator[str]:
    if was_unborn(child) and child.unborn_due_on is not None:
        due = f"due on {child.unborn_due_on.isoformat()}"
        yield f"not born yet, {due}" if is_unborn(child, on) else f"was {due}, and nobody has said since"


def _orders(child: Child) -> Iterator[str]:
    if child.perpetrator_has_pr is not None:
        yield f"the perpetrator has {'' if child.perpetrator_has_pr else 'no '}parental responsibility"
    if child.contact_order is not None:
        none = child.contact_order is ContactOrder.NONE
        yield "no court order on contact" if none else f"court order: {in_words(child.contact_order)}"


def _plan(child: Child) -> Iterator[str]:
    if child.plan is not None:
        yield "on no plan" if child.plan is ChildPlan.NONE else f"plan: {_PLANS[child.plan]}"


def _met(child: Child) -> Iterator[str]:
    yield from _presence(child)
    if child.spoken_to_alone is not None:
        yield f"{'' if child.spoken_to_alone else 'not '}spoken to alone"


def _presence(child: Child) -> Iterator[str]:
    if child.present_at_incident is not None:
        yield (
            "there when it happened"
            if child.present_at_incident
            else "not there when it happened, and told all the same"
        )


def _parent(child: Child, perpetrator: str | None) -> Iterator[str]:
    """Yields to whom the setting may speak; never somebody who harms the victim, whatever was sent."""
    if child.parent_harms or (child.parent_to_tell is not None and child.parent_to_tell == perpetrator):
        yield "the setting may speak to no parent"
    elif child.parent_to_tell is not None:
        yield f"the setting may speak to {child.parent_to_tell} and to no other parent"


_PLANS = {
    ChildPlan.CP: "child protection",
    ChildPlan.CIN: "child in need",
    ChildPlan.LOOKED_AFTER: "looked after",
    ChildPlan.EARLY_HELP: "early help",
}

"""Says of a case whether a child is affected, at school, taught at home, and known to social care."""

from dataclasses import dataclass
from datetime import date, datetime

from app.routing.facts.dates import london_date
from app.routing.facts.moving.ages import of_school_age, under
from app.routing.facts.protection.children import (
    birth_of,
    goes_to_school,
    informed_since,
    on_plan_of_social_care,
    signs_of_being_affected,
    taught_at_home,
)
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.children import Child
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import ChildSetting


@dataclass(frozen=True, slots=True)
class AgeCheck:
    """The day on which ages are read, and the limits of age of the policy."""

    on: date
    parameters: Parameters

    def may_be_child(self, child: Child) -> bool:
        """Returns whether the child is under 18 or may be. Whoever is told as a child without an age is one."""
        return under(birth_of(child, self.on), self.on, self.parameters.number("adult_age")) is not False

    def of_school_age(self, child: Child) -> bool | None:
        return of_school_age(birth_of(child, self.on), self.on, self.parameters)


def child_affected(child: Child, ages: AgeCheck) -> bool | None:
    """Returns whether the abuse reaches somebody who may be under 18: at home, by the perpetrator's access, or else."""
    reached = (child.in_household, child.perpetrator_access, *signs_of_being_affected(child))
    return three_valued_and(ages.may_be_child(child), three_valued_or(reached))


def child_at_school(child: Child, ages: AgeCheck) -> bool | None:
    """Returns whether an affected child has a place at a school or is of school age, and not taught at home."""
    place = goes_to_school(child, ages.on)
    at_school = ages.of_school_age(child) if place is None else place
    return three_valued_and(child_affected(child, ages), at_school, child.home_educated is not True)


def child_taught_at_home(child: Child, ages: AgeCheck) -> bool | None:
    """Returns whether an affected child of school age is taught at home, or nowhere that is known."""
    of_age = child.setting_kind is ChildSetting.HOME or ages.of_school_age(child)
    return three_valued_and(child_affected(child, ages), of_age, taught_at_home(child))


def child_known_to_social_care(child: Child, ages: AgeCheck) -> bool | None:
    """Returns whether children's social care already knows an affected child."""
    known = (child.known_to_social_care, *({on_plan_of_social_care(child)} - {None, False}))
    return three_valued_and(child_affected(child, ages), three_valued_or(known))


def settings_informed(case: CaseSnapshot, at: datetime, ages: AgeCheck) -> bool | None:
    """Returns whether the setting of every affected child at school has been told of the newest report.

    One that was told to speak to somebody who harms the victim is told again, until another parent is named.
    """
    at_school = [child for child in case.children or () if child_at_school(child, ages)]
    informed = [informed_since(child, case.incidents or (), at) and not child.parent_harms for child in at_school]
    return all(informed) if informed else None


def child_is_recorded(case: CaseSnapshot) -> bool:
    """Returns whether the form makes an affected child known, named or not; which one is still asked.

    A dispute over contact is about a child, and so is harm, whom a list of none does not undo: whose list it is, and
    whether it is older, is not seen here. Harm is no child's where its own author goes on to say that there is none.
    """
    return case.assessment.child_contact_conflict is True or case.assessment.child_harm_in_answers is True


def children_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts about the children of the case."""
    ages = AgeCheck(london_date(at), parameters)
    asked = {
        "child_affected": child_affected,
        "child_at_school": child_at_school,
        "child_taught_at_home": child_taught_at_home,
        "child_known_to_social_care": child_known_to_social_care,
    }
    children = case.children
    found: dict[str, Fact] = {
        name: None if children is None else three_valued_or(of(child, ages) for child in children)
        for name, of in asked.items()
    }
    unnamed = not children or found["child_affected"] is False
    if child_is_recorded(case):
        found["child_affected"] = True
    found["child_in_answers"] = unnamed if case.assessment.child_in_answers else None
    return {**found, "settings_informed": settings_informed(case, at, ages)}

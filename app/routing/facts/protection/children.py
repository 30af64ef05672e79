"""Says how a child is reached: by birth, by a court's order, by their school; and whether their setting was told."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from app.routing.facts.snapshot.births import Birth
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.policy.vocabulary import ChildPlan, ChildSetting, ContactOrder

_MEETS_PERPETRATOR = frozenset(
    {
        ContactOrder.LIVES_WITH_PERPETRATOR,
        ContactOrder.SPENDS_TIME_WITH_PERPETRATOR,
        ContactOrder.SUPERVISED_CONTACT,
    }
)
_TAUGHT_IN = frozenset({ChildSetting.SCHOOL, ChildSetting.COLLEGE, ChildSetting.ALTERNATIVE_PROVISION})
_PLANS_OF_SOCIAL_CARE = frozenset({ChildPlan.CP, ChildPlan.CIN, ChildPlan.LOOKED_AFTER})


# A birth can be about four months early and three weeks late. [B]
_EARLY, _LATE = timedelta(weeks=16), timedelta(weeks=3)


def was_unborn(child: Child) -> bool:
    """Returns whether the child was not born when this was told."""
    return child.unborn_due_on is not None and child.birth is None


def is_unborn(child: Child, on: date) -> bool:
    """Returns whether the child is not born yet: after the day that was told for the birth nobody says so."""
    return was_unborn(child) and child.unborn_due_on is not None and on <= child.unborn_due_on


def birth_of(child: Child, on: date) -> Birth | None:
    """Returns when the child was born: as stated, or about the day that was told for it once that has come."""
    due = child.unborn_due_on
    if child.birth is not None or due is None or on <= due:
        return child.birth
    return Birth(due - _EARLY, due + _LATE)


def signs_of_being_affected(child: Child) -> Iterator[bool]:
    """Yields a yes for each other way in which the abuse reaches the child, and never a no.

    An unborn child counts for children's social care, and a child who was there saw or heard it (Domestic Abuse Act
    2021, section 3).
    """
    if was_unborn(child) or child.present_at_incident or child.contact_order in _MEETS_PERPETRATOR:
        yield True


def goes_to_school(child: Child, on: date) -> bool | None:
    """Returns whether the child has a place at a school; None: only the age can say."""
    if is_unborn(child, on):
        return False
    return None if child.setting_kind is None else child.setting_kind in _TAUGHT_IN


def taught_at_home(child: Child) -> bool | None:
    """Returns whether no school has the child, so that the council is told."""
    if child.setting_kind in {ChildSetting.HOME, ChildSetting.NONE}:
        return True
    return child.home_educated


def on_plan_of_social_care(child: Child) -> bool | None:
    """Returns whether a plan shows that children's social care knows the child; None: no plan is told."""
    return None if child.plan is None else child.plan in _PLANS_OF_SOCIAL_CARE


def informed_since(child: Child, incidents: Iterable[IncidentFacts], at: datetime) -> bool:
    """Returns whether the child's setting was told after the newest report until then."""
    newest = max((one.reported_at for one in incidents if one.reported_at <= at), default=None)
    informed = child.encompass_told_at
    return informed is not None and informed <= at and (newest is None or newest <= informed)

"""Children whom the abuse can reach."""

from dataclasses import dataclass
from datetime import date, datetime

from app.routing.facts.snapshot.births import Birth
from app.routing.policy.vocabulary import ChildPlan, ChildRelation, ChildSetting, ContactOrder


@dataclass(frozen=True, slots=True)
class Child:
    """A child in the household or to whom the perpetrator has access, or one not born yet.

    `parent_harms`: whoever was named in `parent_to_tell` is said to harm the victim.
    """

    ref: str
    birth: Birth | None = None
    unborn_due_on: date | None = None
    relation_to_victim: ChildRelation | None = None
    relation_to_perpetrator: ChildRelation | None = None
    in_household: bool | None = None
    perpetrator_access: bool | None = None
    perpetrator_has_pr: bool | None = None
    contact_order: ContactOrder | None = None
    present_at_incident: bool | None = None
    spoken_to_alone: bool | None = None
    home_educated: bool | None = None
    setting_kind: ChildSetting | None = None
    setting: str | None = None
    encompass_told_at: datetime | None = None
    parent_to_tell: str | None = None
    parent_harms: bool = False
    known_to_social_care: bool | None = None
    plan: ChildPlan | None = None

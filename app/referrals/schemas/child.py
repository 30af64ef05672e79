"""A child whom the abuse can reach."""

from pydantic import Field

from app.foundation.web.schema import CivilDate, Code, Instant, Tri
from app.referrals.schemas.ages import Aged
from app.routing.policy.vocabulary import ChildPlan, ChildRelation, ChildSetting, ContactOrder


class ChildIn(Aged):
    """A child in the household, or to whom the perpetrator has access. An unborn child is one too."""

    ref: Code
    unborn_due_on: CivilDate | None = Field(default=None, description="The day on which an unborn child is due")
    relation_to_victim: ChildRelation | None = None
    relation_to_perpetrator: ChildRelation | None = None
    in_household: Tri = None
    perpetrator_access: Tri = None
    perpetrator_has_pr: Tri = Field(default=None, description="The perpetrator has parental responsibility")
    contact_order: ContactOrder | None = None
    present_at_incident: Tri = Field(
        default=None, description="The setting is told of a child who was not there as well"
    )
    spoken_to_alone: Tri = None
    home_educated: Tri = None
    setting_kind: ChildSetting | None = None
    setting: Code | None = Field(
        default=None, description="The setting's own code. Only those who work with the victim read it"
    )
    encompass_told_at: Instant | None = Field(default=None, description="When the setting was told")
    parent_to_tell: Code | None = Field(
        default=None,
        description="The parent to whom the setting may speak. The setting never speaks to the perpetrator",
    )
    known_to_social_care: Tri = None
    plan: ChildPlan | None = None

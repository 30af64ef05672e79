"""The ids of the duties that this room sets itself, and of those that it treats in a way of their own."""

from app.routing.policy.duty_ids import (
    CHILD_RISK_REVIEW,
    CHILDREN_REFERRAL,
    CHILDREN_REPORT_WALES,
    HOME_NOTICE,
    SCHOOL_NOTICE,
)

REVIEW_OTHER_CASE = "REVIEW_OTHER_CASE"
DECIDE_ANEW_AFTER_LINK = "DECIDE_ANEW_AFTER_LINK"
MARAC_CRITERIA_NOT_MET = "MARAC_CRITERIA_NOT_MET"
MARAC_OPEN_WITHOUT_ABUSE = "MARAC_OPEN_WITHOUT_ABUSE"

# The policy's duties about the children, which a parent's death does not end.
ABOUT_THE_CHILDREN = frozenset(
    {SCHOOL_NOTICE, HOME_NOTICE, CHILDREN_REFERRAL, CHILDREN_REPORT_WALES, CHILD_RISK_REVIEW}
)

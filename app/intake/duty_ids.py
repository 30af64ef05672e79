"""The ids of the duties that this room sets itself, and of the policy's duties that it looks for."""

JOINT_VISIT = "D30"
CONTACT_WHO_ASKED_FOR_HELP = "D06s"
EMERGENCY_MEETING_DECISION = "D07"

REVIEW_OTHER_CASE = "REVISIT"
DECIDE_ANEW_AFTER_LINK = "RECOUNT"

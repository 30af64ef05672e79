"""The ids of the duties that this room sets itself, which no policy holds."""

REVIEW_OTHER_CASE = "REVISIT"
DECIDE_ANEW_AFTER_LINK = "RECOUNT"

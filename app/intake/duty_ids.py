"""The ids of the duties that this room sets itself, which no policy holds."""

REVIEW_OTHER_CASE = "REVIEW_OTHER_CASE"
DECIDE_ANEW_AFTER_LINK = "DECIDE_ANEW_AFTER_LINK"

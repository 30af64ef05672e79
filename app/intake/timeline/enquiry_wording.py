"""Words what was asked of a post and what it answered, in one plain line each. A value stays in its enquiry."""

from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.vocabulary import QuestionEnd
from app.intake.timeline.wording import SERVICE, TimelineWording

_ENDED = {
    QuestionEnd.ANSWERED: "Answered",
    QuestionEnd.CANNOT_FIND_OUT: "Nobody can find out",
    QuestionEnd.PASSED_ON: "Passed on",
}


def of_enquiry(row: AskedEnquiry) -> TimelineWording:
    agency = row.agency or "nobody fills this post"
    return TimelineWording(f"{row.role} ({agency}) is asked to look up facts", SERVICE, frozenset({row.id}))


def of_question(row: AskedQuestion) -> TimelineWording:
    to = f" to {row.passed_to}" if row.passed_to else ""
    ended = _ENDED.get(row.ended or QuestionEnd.ANSWERED, "Ended")
    return TimelineWording(f"{ended}{to}: {row.ask}", row.answered_by or SERVICE, frozenset({row.enquiry_id}))

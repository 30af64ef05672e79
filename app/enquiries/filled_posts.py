"""Asks the agency that fills an empty post now what was asked of the post before."""

from app.access.repository import agency_in_post
from app.enquiries.case_questions import questions_of_case
from app.enquiries.notices import hand_over_enquiry, record_enquiry_event
from app.foundation.storage.transaction import Transaction
from app.vocabulary import EventType


def ask_filled_posts(tx: Transaction, case_id: str) -> None:
    """Gives the case's open enquiries without an agency to whoever fills their posts, on the clocks that they have.

    Call it while the case is held.
    """
    of_case = questions_of_case(tx, case_id)
    for enquiry in of_case.enquiries:
        agency = agency_in_post(tx.session, enquiry.area, enquiry.role)
        if enquiry.agency is not None or agency is None or not of_case.clock(enquiry).asks:
            continue
        enquiry.agency, enquiry.agencies = agency, sorted({*enquiry.agencies, agency})
        clock = of_case.clock(enquiry)
        hand_over_enquiry(tx, enquiry, clock)
        record_enquiry_event(tx, EventType.ENQUIRY_ASKED, enquiry, clock.due_at)

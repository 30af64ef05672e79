"""Builds the responses about enquiries."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.victims_area import area_shown
from app.access.vocabulary import COORDINATORS
from app.enquiries import repository
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.notices import first_due
from app.enquiries.schemas import EnquiryBriefOut, EnquiryItemOut, EnquiryOut
from app.foundation.caller import Caller
from app.vocabulary import Role


def enquiries_out(session: Session, enquiries: Sequence[AskedEnquiry], reader: Caller) -> list[EnquiryOut]:
    """Returns each enquiry with all its questions, ended ones among them."""
    items = repository.items_of(session, [enquiry.id for enquiry in enquiries])
    return [
        _enquiry_out(enquiry, [item for item in items if item.enquiry_id == enquiry.id], reader)
        for enquiry in enquiries
    ]


def _enquiry_out(enquiry: AskedEnquiry, items: Sequence[AskedQuestion], reader: Caller) -> EnquiryOut:
    return EnquiryOut(
        id=enquiry.id,
        case_id=enquiry.case_id,
        area=area_shown(reader, enquiry.area),
        role=enquiry.role,
        agency=enquiry.agency,
        asked_at=enquiry.asked_at,
        until=first_due(items),
        items=[_item_out(item) for item in items],
    )


def _item_out(item: AskedQuestion) -> EnquiryItemOut:
    stored = {name: getattr(item, name) for name in EnquiryItemOut.model_fields if name != "until"}
    return EnquiryItemOut(**stored, until=item.due_at)


def open_enquiries_out(session: Session, case_id: str, reader: Caller) -> list[EnquiryBriefOut]:
    """Returns the enquiries of a case that have an open question, as far as the session sees them, in short.

    What the disclosure team is asked only the team and MARAC read, even where the session sees across agencies.
    """
    items = [item for item in repository.items_of_case(session, case_id) if item.ended_at is None]
    briefs = []
    for enquiry in repository.enquiries_of_case(session, case_id):
        if enquiry.role is Role.DVDS_TEAM and not _reads_of_scheme(enquiry, reader):
            continue
        own = [item for item in items if item.enquiry_id == enquiry.id]
        until = first_due(own)
        if until is not None:
            asks = [item.fact for item in own]
            briefs.append(
                EnquiryBriefOut(id=enquiry.id, role=enquiry.role, agency=enquiry.agency, until=until, asks=asks)
            )
    return briefs


def _reads_of_scheme(enquiry: AskedEnquiry, reader: Caller) -> bool:
    return reader.role in COORDINATORS or reader.agency in enquiry.agencies

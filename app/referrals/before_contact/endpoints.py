"""Where a named person, of a role that the access matrix names, reads what the perpetrator must never learn."""

from fastapi import APIRouter

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid, NotFound
from app.referrals.before_contact.perpetrators_side import own_texts, reads_for_perpetrator
from app.referrals.repositories.report_repository import not_for_disclosure_of
from app.referrals.withheld.presenters import not_for_disclosure_out
from app.referrals.withheld.response_schemas import NotForDisclosureOut

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.get(
    "/referrals/{referral_id}/not-for-disclosure",
    operation_id="getNotForDisclosure",
    summary="Read what the perpetrator must never learn about a referral; the reader is named and recorded",
)
def get_not_for_disclosure(referral_id: str, call: Reading) -> NotForDisclosureOut:
    """Shows it to its sender, the area's MARAC and the IDVA. Name the reader in `X-On-Behalf-Of`.

    An agency that supervises the perpetrator reads only what it wrote.
    """
    rows = not_for_disclosure_of(call.session, referral_id)
    if rows and reads_for_perpetrator(call, referral_id):
        rows = own_texts(rows, call.caller.agency)
    if not rows:
        raise NotFound("nothing is withheld there, or it is not yours to see")
    if call.caller.person is None:
        raise Invalid("name the person who reads this, in X-On-Behalf-Of", code="reader-not-named")
    # Recorded before anything is unsealed: a text that was opened is never without its reader.
    record_act(call.tx, Category.CONSULTATION, "not-for-disclosure", referral_id)
    return not_for_disclosure_out(call.session, referral_id, rows)

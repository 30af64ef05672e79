"""Takes the answers of an enquiry: each becomes a fact of the case, and the case is decided anew in the same commit."""

from app.access.directory import area_of
from app.actions.repository import hold_case
from app.enquiries.answering import record_answers
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.schemas import AnswersRequest
from app.enquiries.vocabulary import QuestionEnd
from app.foundation.errors import Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.intake.service import RoutingTrigger, route
from app.policies.registry import policy_in_force
from app.referrals.fact_homes import HOMES, learned_from
from app.referrals.lookup import find_case, find_latest_referral
from app.referrals.models import Referral
from app.referrals.repository import referral_by_id
from app.referrals.service import store_learned_facts


def receive_answers(tx: Transaction, enquiry: AskedEnquiry, sent: AnswersRequest) -> None:
    """Ends the questions that are answered and, where a fact is known now, decides the case anew.

    Raises what `record_answers` raises; then nothing is stored.
    """
    hold_case(tx.session, enquiry.case_id)
    case = find_case(tx.session, enquiry.case_id)
    policy = policy_in_force(tx.session, area_of(tx.session, case.area).policy_profile, tx.now)
    ended = record_answers(tx, enquiry, case, sent.answers, policy.facts)
    answered = [item for item in ended if item.ended is QuestionEnd.ANSWERED]
    if answered:
        latest = find_latest_referral(tx.session, case.id)
        try:
            _store_as_facts(tx, answered, latest)
        except Invalid as refusal:
            raise _naming_answers(refusal, sent) from refusal
        route(tx, latest, case, RoutingTrigger("questions answered"))


def _naming_answers(refusal: Invalid, sent: AnswersRequest) -> Invalid:
    """Returns the refusal with the pointer of each answer in the place of the field in which it would be kept."""
    places = {
        "/" + "/".join(HOMES[answer.fact].path): f"/answers/{place}/value"
        for place, answer in enumerate(sent.answers)
        if answer.fact in HOMES
    }
    faults = [RequestFault(places.get(one.pointer, one.pointer), one.code, one.detail) for one in refusal.faults]
    return Invalid(refusal.detail, faults=faults)


def _store_as_facts(tx: Transaction, answered: list[AskedQuestion], latest: Referral) -> None:
    """Stores the answers that a request could state beside the referral that they are about.

    The others count from their questions (`app.referrals.fact_homes`).
    """
    about = {item.report_id: referral_by_id(tx.session, item.report_id or "") or latest for item in answered}
    for referral in {referral.id: referral for referral in about.values()}.values():
        values = {item.fact: item.value for item in answered if about[item.report_id] is referral}
        learned = learned_from({fact: value for fact, value in values.items() if value is not None})
        if learned is not None:
            store_learned_facts(tx, referral, learned)

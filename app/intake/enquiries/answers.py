"""Takes the answers of an enquiry: each becomes a fact of the case, and the case is decided anew in the same commit."""

from collections.abc import Mapping
from dataclasses import replace

from app.access.directory import nation_of_area
from app.actions.repository import hold_cases
from app.enquiries.answering import record_answers
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.schemas import AnswersRequest
from app.enquiries.values import asked_by_duty, invalid_answer
from app.enquiries.vocabulary import HUB_REVIEW, QuestionEnd
from app.foundation.errors import Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.intake.case_reviews.review_prompts import prompt_owners_in_other_areas
from app.intake.enquiries.hub_reviews import refuse_lower_grade, store_reviews
from app.intake.service import RoutingTrigger, route
from app.policies.registry import policy_of_area
from app.referrals.fact_homes import HOMES, learned_from
from app.referrals.lookup import find_case, find_latest_referral
from app.referrals.models import Case, Referral
from app.referrals.repositories.incident_repository import related_incidents
from app.referrals.repositories.report_repository import referral_of_report
from app.referrals.service import store_learned_facts
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.gathering import known_facts
from app.routing.facts.possible_answers import possible_answers
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DutyKind, FactType, Policy, Value
from app.routing.policy.vocabulary import AssessmentTool

_OF_TICKS = frozenset({"ticks", "unanswered"})
# Not everybody's word is heard of these: whoever was asked is, and the answer is kept as one to the newest report.
_WORD_OF_WHOEVER_WAS_ASKED = frozenset({"in_custody", "suspect_outstanding", "victim_age", "perpetrator_age"})


def receive_answers(tx: Transaction, enquiry: AskedEnquiry, sent: AnswersRequest) -> None:
    """Ends the questions that are answered and, where a fact is known now, decides the case anew.

    Raises what `record_answers` and `refuse_lower_grade` raise; then nothing is stored.
    """
    hold_cases(tx.session, [enquiry.case_id])
    case = find_case(tx.session, enquiry.case_id)
    policy = policy_of_area(tx.session, case.area, tx.now)
    ended = record_answers(tx, enquiry, case, sent.answers, _possible_facts(tx, case, policy))
    answered = [item for item in ended if item.ended is QuestionEnd.ANSWERED]
    if answered:
        latest = find_latest_referral(tx.session, case.id)
        refuse_lower_grade(tx, enquiry, latest, ended, policy)
        try:
            _store_as_facts(tx, answered, latest)
        except Invalid as refusal:
            raise _naming_answers(refusal, sent) from refusal
        store_reviews(tx, [item for item in answered if item.fact == HUB_REVIEW], latest)
        route(tx, latest, case, RoutingTrigger("questions answered"))
        prompt_owners_in_other_areas(tx, case)


def _naming_answers(refusal: Invalid, sent: AnswersRequest) -> Invalid:
    """Returns the refusal with the pointer of each answer in the place of the field in which it would be kept."""
    places = {
        "/" + "/".join(HOMES[answer.fact].path): f"/answers/{place}/value"
        for place, answer in enumerate(sent.answers)
        if answer.fact in HOMES
    }
    faults = [RequestFault(places.get(one.pointer, one.pointer), one.code, one.detail) for one in refusal.faults]
    return Invalid(refusal.detail, faults=faults)


def _possible_facts(tx: Transaction, case: Case, policy: Policy) -> dict[str, FactType]:
    """Returns the facts of the policy, each count within what the forms and the incidents on record leave possible."""
    known = known_facts(tx.session, find_latest_referral(tx.session, case.id))
    incidents = related_incidents(tx.session, case.victim_ref, case.perpetrator_ref, tx.now)
    snapshot = snapshot_of(known, incidents, History(nation_of_area(tx.session, case.area)))
    possible = possible_answers(snapshot, tx.now, Parameters(parameter_values(policy)))
    of_duties = {duty.id: asked_by_duty(duty) for duty in policy.duties if duty.kind is DutyKind.ENQUIRY}
    within = {name: _within(policy.facts[name], *bounds) for name, bounds in possible.items()}
    return {**policy.facts, **of_duties, **within}


def _within(fact: FactType, least: int, most: int | None) -> FactType:
    return replace(fact, low=max(fact.low, least), high=fact.high if most is None else min(fact.high, most))


def _store_as_facts(tx: Transaction, answered: list[AskedQuestion], latest: Referral) -> None:
    """Stores the answers that a request could state, each beside the report that it is about.

    The others count from their questions (`app.referrals.fact_homes`).
    """
    newest = known_facts(tx.session, latest).reports[-1].report
    about = [(newest if item.fact in _WORD_OF_WHOEVER_WAS_ASKED else item.report_id, item) for item in answered]
    for report_id in dict.fromkeys(report for report, _ in about):
        values = {item.fact: item.value for report, item in about if report == report_id and item.value is not None}
        _refuse_ticks_of_a_graded_form(values)
        learned = learned_from(values)
        if learned is not None:
            referral = referral_of_report(tx.session, report_id or "") or latest
            store_learned_facts(tx, referral, learned, answers_report=report_id)


def _refuse_ticks_of_a_graded_form(values: Mapping[str, Value]) -> None:
    if values.get("assessment_tool") == AssessmentTool.DARA and _OF_TICKS & values.keys():
        raise invalid_answer("/answers", "not_possible", "DARA is graded and has no ticks: leave their answer out")

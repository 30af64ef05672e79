"""Asks the posts what a decision wants looked up, each question with the instant until which it is asked."""

from collections.abc import Sequence
from datetime import datetime

from app.access.directory import calendar_of_area
from app.enquiries.asking import Asking, ask
from app.enquiries.case_questions import QuestionDraft
from app.enquiries.models import AskedEnquiry
from app.enquiries.vocabulary import HUB_REVIEW
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.case_history import current_report
from app.intake.duties.asked import questions_of_duties, without_those_asked
from app.intake.duties.dates import AWAITED_WITHIN_WORKING_DAYS, anchors_for_questions
from app.intake.duties.decided import DecidedCase
from app.intake.supervision import supervising_services
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import time_of_rule
from app.routing.facts.reports.current import reports_left_open
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.decision import Anchors, Enquiry
from app.vocabulary import NeedKind, Role

# [I] As long as the review of a report of medium risk.
DIFFERENCES_WITHIN = DueRule(DueUnit.HOURS, 24, "decision")
REVIEW_ASKS = "Review the report: which grade does the hub give, and why?"
OF_A_REPORT = frozenset(
    {
        HUB_REVIEW,
        "grade",
        "judged_high",
        "seen_alone",
        "consent",
        "repeat",
        "incidents_in_window",
        "incidents_for_hub",
        "victims_in_window",
        "suspect_outstanding",
        "order_breached",
    }
)
"""The facts of the newest report: what it says, and what is counted when it comes. The next report asks anew.

What a form leaves open is asked about each report whose form leaves it open (`reports_left_open`).
"""


def ask_what_is_open(tx: Transaction, decided: DecidedCase, referring_agency: str) -> list[AskedEnquiry]:
    """Asks what the decision wants looked up, ends what it asks no more, and returns the open enquiries of the case.

    Nobody is asked about a person who died.
    """
    case, snapshot = decided.case, decided.snapshot
    services = supervising_services(tx.session, case.area, snapshot, london_date(tx.now))
    facts = decided.decision.facts
    asking = Asking(
        case=case,
        decision_id=decided.stored.id,
        questions=tuple(one for one in _questions(tx, decided) if one.about not in decided.deceased),
        unknown=frozenset(
            fact for fact, value in facts.items() if value is None and _concerns(decided, fact) not in decided.deceased
        ),
        reports=_left_open(decided, tx.now),
        agencies={
            Role.REFERRER: referring_agency,
            Role.SUPERVISING_PRACTITIONER: services.perpetrator.supervisor,
        },
        knows_best=_knows_best(decided),
        reviews_stand=NeedKind.VICTIM_SAFETY not in decided.deceased,
    )
    return ask(tx, asking)


def _questions(tx: Transaction, decided: DecidedCase) -> list[QuestionDraft]:
    """Returns every question of the decision in its order. The hub's review comes first in its enquiry.

    A question keeps the earlier of its enquiry's clock and that of the duty which it decides: over a weekend "before
    the next school day" is the later one.
    """
    anchors, left_open = anchors_for_questions(tx, decided), _left_open(decided, tx.now)
    newest = current_report(tx.session, decided.case.id)
    asked = [
        QuestionDraft(
            role=enquiry.role,
            fact=fact,
            ask=asks,
            decides=decides,
            due_at=min(_due_at(tx, decided.case.area, rule, anchors) for rule in (due, enquiry.clock)),
            report_id=report_id,
            about=_concerns(decided, fact),
            again=fact == HUB_REVIEW and bool(decided.snapshot.disputed),
        )
        for enquiry in _enquiries(decided)
        for fact, asks, due, decides in _asked(enquiry, decided.snapshot.disputed)
        for report_id in left_open.get(fact, [newest] if fact in OF_A_REPORT else [None])
    ]
    return [*asked, *without_those_asked(questions_of_duties(tx, decided, newest), asked)]


def _concerns(decided: DecidedCase, fact: str) -> NeedKind | None:
    """Returns the need of the person whom the fact is about; None: the children, or nobody looks it up."""
    if fact == HUB_REVIEW:
        return NeedKind.VICTIM_SAFETY
    concerns = decided.policy.facts[fact].concerns
    return concerns.need if concerns else None


def _knows_best(decided: DecidedCase) -> dict[Role, frozenset[str]]:
    """Returns what the supervising service is asked until it has answered, whatever others have said meanwhile."""
    lives = NeedKind.PERPETRATOR not in decided.deceased
    if not lives or decided.decision.facts["supervised"] is not True:
        return {}
    known = frozenset(fact.name for fact in decided.policy.facts.values() if fact.supervisor_knows)
    return {Role.SUPERVISING_PRACTITIONER: known}


def _left_open(decided: DecidedCase, now: datetime) -> dict[str, tuple[str, ...]]:
    return reports_left_open(decided.snapshot, now, Parameters(parameter_values(decided.policy)))


def _asked(enquiry: Enquiry, disputed: Sequence[str]) -> list[tuple[str, str, DueRule, tuple[str, ...]]]:
    items = [(item.fact, item.ask, item.due, item.decides) for item in enquiry.items]
    return [(HUB_REVIEW, REVIEW_ASKS + _differences(disputed), enquiry.clock, ()), *items] if enquiry.reviews else items


def _enquiries(decided: DecidedCase) -> tuple[Enquiry, ...]:
    """Returns the enquiries of the decision, and a review by the hub where agencies differ and none is owed yet."""
    asked = decided.decision.enquiries
    if not decided.snapshot.disputed or any(enquiry.reviews for enquiry in asked):
        return asked
    review = Enquiry(Role.PVP_HUB, reviews=True, clock=DIFFERENCES_WITHIN, items=(), because="agencies differ")
    return (review, *asked)


def _differences(disputed: Sequence[str]) -> str:
    """Returns what the hub must settle besides; the most protective statement stands until then."""
    if not disputed:
        return ""
    named = ", ".join(pointer.strip("/").replace("/", ": ").replace("_", " ") for pointer in disputed)
    return f" Agencies state differently: {named}. Say which stands, and why."


def _due_at(tx: Transaction, area: str, rule: DueRule, anchors: Anchors) -> datetime:
    """Returns the instant from which the answer is late: that of the rule, or the end of its London day."""
    calendar = calendar_of_area(tx.session, area)
    at, on = time_of_rule(rule, anchors, calendar)
    if at is None and on is None:
        on = calendar.add(london_date(tx.now), AWAITED_WITHIN_WORKING_DAYS)
    passes_at = Deadline(on, at).passes_at
    # A date counted back that has passed is due by the end of today.
    return passes_at if passes_at > tx.now else Deadline(london_date(tx.now), None).passes_at

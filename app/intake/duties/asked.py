"""The duties of a decision that are questions: each is asked in the enquiry of its post, until it is due."""

from collections.abc import Collection, Iterator

from app.enquiries.case_questions import QuestionDraft
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.deceased import still_owed
from app.intake.duties.dates import anchors_of, deadline_of_duty
from app.intake.duties.decided import DecidedCase, duty_context
from app.intake.particulars.of_duty import particulars
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import schedule
from app.routing.policy.duty_ids import MARAC_ON_JUDGEMENT
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DutyKind, DutySubject
from app.vocabulary import Role

# Its answer is a fact that the policy knows already.
ASKS_FOR_FACT = {MARAC_ON_JUDGEMENT: "judged_high"}


def questions_of_duties(tx: Transaction, decided: DecidedCase, report_id: str | None) -> Iterator[QuestionDraft]:
    """Yields the question of each duty of the kind `enquiry`. `report_id` is the newest report."""
    templates = {one.id: one for one in decided.policy.duties}
    asks = {one.id for one in decided.decision.duties if one.kind is DutyKind.ENQUIRY}
    if not asks:
        return
    context, limits = duty_context(tx, decided), Parameters(parameter_values(decided.policy))
    for due in schedule(decided.decision, anchors_of(decided, context), context.calendar):
        template = templates[due.duty.id]
        if due.duty.id in asks and not template.screens and still_owed(template, decided.deceased):
            fact = ASKS_FOR_FACT.get(due.duty.id, due.duty.id)
            passes_at = deadline_of_duty(due, context).passes_at
            added = particulars(due.duty.id, decided.snapshot, context.services.perpetrator, context.now, limits)
            yield QuestionDraft(
                role=Role(due.duty.owner),
                fact=fact,
                ask=due.duty.do + added,
                decides=(),
                # A date counted back that has passed is due by the end of today.
                due_at=passes_at if passes_at > tx.now else Deadline(london_date(tx.now), None).passes_at,
                report_id=report_id if template.once_for is DutySubject.REPORT else None,
                about=template.about,
            )


def without_those_asked(drafts: Iterator[QuestionDraft], asked: Collection[QuestionDraft]) -> list[QuestionDraft]:
    """Returns the questions that the decision does not ask already."""
    same = {(one.role, one.fact, one.report_id) for one in asked}
    return [one for one in drafts if (one.role, one.fact, one.report_id) not in same]

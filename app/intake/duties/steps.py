"""Finds the steps of a decision that reach another agency: a notice to it, with the proposal or list that is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.notices.repository import notices_of_case
from app.actions.notices.sending import StepNotice
from app.foundation.storage.transaction import Transaction
from app.intake.deceased import still_owed
from app.intake.duties.dates import anchors_of, deadline_of_duty
from app.intake.duties.decided import DecidedCase, duty_context
from app.intake.particulars.of_duty import particulars
from app.intake.supervision import SupervisingServices
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import schedule
from app.routing.policy.duty_ids import FLAG_BOTH, RAISE_LEVEL_2, SUPERVISION_RESEARCH, WORD_TO_SUPERVISOR
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DutyKind
from app.routing.record.decision import Duty
from app.vocabulary import NeedKind, Role

# What is asked for already: the research request itself goes to whoever owes the return.
_ASKED_OTHERWISE = frozenset({SUPERVISION_RESEARCH})


@dataclass(frozen=True, slots=True)
class _Sending:
    """A step, what it says, who owes it, and the services that the facts name."""

    duty: Duty
    what: str
    about: NeedKind | None
    sender: str | None
    services: SupervisingServices
    deadline: Deadline


def steps_of(tx: Transaction, decided: DecidedCase) -> list[StepNotice]:
    """Returns the steps of the decision that reach another agency and that it was not told of since the newest report.

    A service that is learned of later is told of what another one was told before it.
    Source: DHR "Jean" 14.3.15: two reports of another force never reached probation.
    """
    notices = notices_of_case(tx.session, decided.case.id)
    since = (one for one in notices if one.sent_at >= decided.reported_at and one.ended_because is None)
    informed = {(step, one.agency) for one in since for step in one.steps}
    context = duty_context(tx, decided)
    services = context.services
    limits = Parameters(parameter_values(decided.policy))
    templates = {one.id: one for one in decided.policy.duties}
    found: list[StepNotice] = []
    for due in schedule(decided.decision, anchors_of(decided, context), context.calendar):
        duty, template = due.duty, templates[due.duty.id]
        is_sent = duty.kind is DutyKind.STEP and duty.id not in _ASKED_OTHERWISE
        if is_sent and still_owed(template, decided.deceased):
            added = particulars(duty.id, decided.snapshot, services.perpetrator, tx.now, limits)
            named = services.named_for(duty.id, template.about, duty.owner)
            sender = named or agency_in_post(tx.session, decided.case.area, duty.owner)
            what, deadline = duty.do + added, deadline_of_duty(due, context)
            sending = _Sending(duty, what, template.about, sender, services, deadline)
            found.extend(_notices(tx.session, decided, sending))
    return [one for one in found if (one.duty, one.agency) not in informed]


def _notices(session: Session, decided: DecidedCase, sending: _Sending) -> Iterator[StepNotice]:
    """Yields the step for each agency that receives it; nothing where nobody does, or only the post that owes it."""
    case, duty = decided.case, sending.duty
    for role, receiver in _receivers(session, decided, duty, sending.about, sending.services):
        # The flag is the sender's own to set: nothing else in this service says that it was.
        is_another = receiver != sending.sender or role != duty.owner or duty.id == FLAG_BOTH
        if receiver is not None and is_another:
            reached = decided.stored.id, receiver, role
            owes = duty.owner, sending.sender
            serves = sending.about, sending.deadline
            yield StepNotice(duty.id, sending.what, case.id, case.area, *reached, *owes, *serves)


def _receivers(
    session: Session, decided: DecidedCase, duty: Duty, about: NeedKind | None, services: SupervisingServices
) -> list[tuple[Role, str | None]]:
    """Returns each post that the step reaches, and the agency in it: its recipient, or those it is done with."""
    case = decided.case
    if duty.recipient == Role.REFERRER:
        return [(Role.REFERRER, one) for one in case.agencies]
    found = [
        (role, services.named_for(duty.id, about, role) or agency_in_post(session, case.area, role))
        for role in _posts_reached(duty)
    ]
    also = services.perpetrator.others if duty.id == WORD_TO_SUPERVISOR else ()
    return [*found, *((Role.SUPERVISING_PRACTITIONER, one) for one in also)]


def _posts_reached(duty: Duty) -> tuple[Role, ...]:
    if duty.recipient:
        return (Role(duty.recipient),)
    return duty.support if duty.id == RAISE_LEVEL_2 else (Role(duty.owner),)


def reaches_nobody(
    session: Session, decided: DecidedCase, duty: Duty, about: NeedKind | None, services: SupervisingServices
) -> bool:
    """Returns whether a step is the sender's to do in person: nobody fills its post, or a service is not here."""
    if duty.id == WORD_TO_SUPERVISOR and services.perpetrator.not_here:
        return True
    return all(receiver is None for _, receiver in _receivers(session, decided, duty, about, services))

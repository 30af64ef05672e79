"""Finds the steps of a decision that reach another agency: a notice to it, with the proposal or list that is there."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.notices.sending import Step
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.deceased import still_owed
from app.intake.duties.decided import DecidedCase
from app.intake.supervision import SupervisingServices, supervising_services
from app.routing.policy.types import DutyKind
from app.routing.record.decision import Duty
from app.vocabulary import NeedKind, Role


def steps_of(tx: Transaction, decided: DecidedCase, before: Collection[str]) -> list[Step]:
    """Returns the steps of the decision that reach another agency and that no earlier decision has told it of.

    `before` are the ids of the duties that the decision before owed; a new report tells of everything anew.
    """
    told = frozenset() if decided.reported_at == tx.now else frozenset(before)
    services = supervising_services(tx.session, decided.case.area, decided.snapshot, london_date(tx.now))
    templates = {one.id: one for one in decided.policy.duties}
    found: list[Step] = []
    for duty in decided.decision.duties:
        template = templates[duty.id]
        if duty.kind is DutyKind.STEP and duty.id not in told and still_owed(template, decided.deceased):
            found.extend(_step(tx.session, duty, template.about, decided, services))
    return found


def _step(
    session: Session, duty: Duty, about: NeedKind | None, decided: DecidedCase, services: SupervisingServices
) -> Iterator[Step]:
    """Yields the step; nothing where its receiver's post is empty, or the agency that owes it receives it itself."""
    case, role = decided.case, Role(duty.recipient or duty.owner)
    sender = services.named_for(duty.id, about, duty.owner) or agency_in_post(session, case.area, duty.owner)
    if role is Role.REFERRER:
        receivers: Iterable[str | None] = case.agencies
    else:
        receivers = [services.named_for(duty.id, about, role) or agency_in_post(session, case.area, role)]
    for receiver in receivers:
        if receiver is not None and receiver != sender:
            reached = decided.stored.id, receiver, role
            yield Step(duty.id, case.id, case.area, *reached, duty.owner, sender, duty.life_safety)

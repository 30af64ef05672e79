"""Ends what the newest decision shows as done or no longer owes, in the commit of that decision.

What protects somebody at once ends by its own fact, by a person or with its need, and never because a later decision no
longer owes it.
"""

from collections.abc import Collection

from app.actions.further_cases.repository import end_further_case, further_cases_of
from app.actions.models import Action
from app.actions.outcomes.ending import Evidence, end_actions, no_longer_owed, shown_done
from app.actions.outcomes.notice_actions import steps_owed
from app.actions.outcomes.notice_receipt import end_notices_not_owed
from app.actions.repository import unreported_duties_for_change
from app.foundation.storage.transaction import Transaction
from app.intake.deceased import still_owed
from app.intake.duties.decided import DecidedCase
from app.intake.duty_ids import MARAC_OPEN_WITHOUT_ABUSE
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import duties_of
from app.routing.facts.contact.contact_facts import contact_held
from app.routing.policy.conditions import is_met
from app.routing.policy.duty_ids import AGREE_CONTACT
from app.routing.policy.outcomes import OPEN
from app.routing.policy.types import DutyTemplate
from app.vocabulary import ActionOutcome

IDENTIFIED_AS_DECEASED = "The perpetrator is identified, and has died: nobody is sent to that person"
NOT_HELD = "Nothing on record holds contact with the victim any more: read the notes before contact, and reach them"
NOTHING_LEFT_OPEN = "What nobody had answered about MARAC is settled, or abuse is reported: decision {}"
NO_LONGER_OWED = "What is known now no longer owes this: decision {}"


def end_what_is_done_or_not_owed(tx: Transaction, decided: DecidedCase) -> None:
    """Ends the unreported actions of the policy's duties that the decision shows as done or no longer owes.

    So does the inspector's question what follows, which is this service's own.
    """
    owed = {duty.id for duty in decided.decision.duties}
    templates = {duty.id: duty for duty in decided.policy.duties}
    duties = {*templates, MARAC_OPEN_WITHOUT_ABUSE}
    for action in unreported_duties_for_change(tx.session, decided.case.id, duties):
        template = templates.get(action.duty or "")
        evidence = _evidence(action, template, decided, owed) if template else _evidence_for_inspector(decided)
        if evidence is None:
            continue
        if evidence.outcome is ActionOutcome.NO_LONGER_OWED and _is_owed_elsewhere(tx, action, decided.case.id):
            end_further_case(tx.session, action.id, decided.case.id, tx.now)
        else:
            end_actions(tx, [action], evidence)


def end_notices_of_no_use(tx: Transaction, decided: DecidedCase) -> None:
    """Ends the notices that nobody received and whose steps the decision no longer owes, or owed about the dead."""
    of_the_dead = {one.id for one in decided.policy.duties if not still_owed(one, decided.deceased)}
    owed = steps_owed(tx.session, decided.case.id) - of_the_dead
    end_notices_not_owed(tx, decided.case.id, owed, NO_LONGER_OWED.format(decided.stored.id))


def _is_owed_elsewhere(tx: Transaction, action: Action, case_id: str) -> bool:
    """Returns whether the newest decision of another case that the action serves still owes its duty."""
    further = further_cases_of(tx.session, action.id)
    others = {action.case_id, *(one.case_id for one in further)} - {case_id}
    newest = [latest_decision_of(tx.session, other) for other in sorted(others)]
    return any(action.duty in duties_of(one) for one in newest if one is not None)


def _evidence(action: Action, template: DutyTemplate, decided: DecidedCase, owed: Collection[str]) -> Evidence | None:
    """Returns what ends the action; None where it goes on.

    An action that no decision asked for was agreed by people, who end it.
    """
    facts = decided.decision.facts
    if template.shown_by and all(is_met(one, facts[one.left]) for one in template.shown_by):
        return shown_done(f"The record shows it: {template.done_when}")
    if action.decision_id is None or template.id in owed or template.lasts_until_done:
        return None
    return no_longer_owed(NO_LONGER_OWED.format(decided.stored.id))


def _evidence_for_inspector(decided: DecidedCase) -> Evidence | None:
    """Returns what ends the inspector's question; None while MARAC is open and no abuse is reported."""
    decision = decided.decision
    if decision.outcomes["marac"] == OPEN and decision.facts["abuse_reported"] is not True:
        return None
    return no_longer_owed(NOTHING_LEFT_OPEN.format(decided.stored.id))


def end_what_is_owed_about_the_dead(tx: Transaction, decided: DecidedCase) -> None:
    """Ends the open duties about somebody who is identified now, and who died before."""
    ended = {one.id for one in decided.policy.duties if not still_owed(one, decided.deceased)}
    actions = unreported_duties_for_change(tx.session, decided.case.id, ended)
    end_actions(tx, actions, no_longer_owed(IDENTIFIED_AS_DECEASED))


def end_agreement_on_contact(tx: Transaction, decided: DecidedCase) -> None:
    """Ends the open agreement on contact, once nothing on record holds contact any more.

    Whoever reaches the victim must not find that contact waits, and is owed too.
    """
    if not contact_held(decided.snapshot):
        waiting = unreported_duties_for_change(tx.session, decided.case.id, {AGREE_CONTACT})
        end_actions(tx, waiting, no_longer_owed(NOT_HELD))

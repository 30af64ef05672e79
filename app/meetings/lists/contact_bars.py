"""Carries a bar on contact, which an agency returned with its research, to whoever is going to contact somebody.

Source: SafeLives, MARAC research form. Whom an action reaches is read from its duty; one that people agreed may reach
anybody. The reason of a bar, and whose it is, stay with those who read the research: either can place the victim.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.actions.changes import reword
from app.actions.further_cases.repository import is_of_case
from app.actions.models import Action
from app.actions.repository import actions_for_change
from app.actions.wording.contact_bars import with_bar
from app.foundation.storage.transaction import Transaction
from app.meetings.repositories.research_repository import documents_returned
from app.meetings.vocabulary import NotToContact
from app.routing.policy.duty_ids import GO_TO_VICTIM_NOW
from app.vocabulary import ActionState, NeedKind

WHY = "an agency's research bars contact"
_OF_THE_VICTIM = frozenset({NotToContact.VICTIM, NotToContact.VICTIM_FAMILY})
_SAID = {
    NotToContact.VICTIM: "the victim",
    NotToContact.PERPETRATOR: "the perpetrator",
    NotToContact.VICTIM_FAMILY: "the victim's family",
    NotToContact.PERPETRATOR_FAMILY: "the perpetrator's family",
    NotToContact.COMMUNITY: "the community",
    NotToContact.EMPLOYER: "an employer",
    NotToContact.NAMED_PERSON: "a person whom the research names",
}


def barred_contacts(session: Session, case_id: str) -> list[NotToContact]:
    """Returns whom nobody may contact, by any return of the case; a later return adds to an earlier one."""
    documents = documents_returned(session, case_id)
    barred = {bar["who"] for document in documents for bar in document.get("do_not_contact", ())}
    return [who for who in NotToContact if who in barred]


def bar_for(duty: str | None, about: str | None, barred: Collection[NotToContact], *, reaches_victim: bool) -> str:
    """Returns what an action says of the bars; empty where it reaches nobody barred."""
    named = [who for who in barred if reaches_victim or (about == NeedKind.PERPETRATOR and who not in _OF_THE_VICTIM)]
    if not named:
        return ""
    whom = ", ".join(_SAID[who] for who in named)
    if duty == GO_TO_VICTIM_NOW:
        return f"do not call ahead to {whom}; go now"
    return f"do not contact {whom}; agree with the MARAC co-ordinator first whether and how"


def carry_contact_bars(tx: Transaction, case_id: str) -> None:
    """Says the bars of the case in the words of each of its open actions that reaches somebody barred."""
    barred = barred_contacts(tx.session, case_id)
    if not barred:
        return
    of_case = (is_of_case(case_id), Action.state.in_((ActionState.OPEN, ActionState.RETURNED)))
    for action in actions_for_change(tx.session, *of_case):
        bar = bar_for(action.duty, action.about, barred, reaches_victim=action.reaches_victim)
        words = with_bar(action.what, bar)
        reword(tx.session, action, words, WHY, tx.now)

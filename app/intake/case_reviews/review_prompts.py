"""Prompts the owner of a case to review it when another report changes how the case looks.

Another perpetrator is reported for harming the same victim, or the same two people are reported with opposite roles.
Sources: DHR "Jean" 14.1.27-28: the victim was helped over the second perpetrator, and nobody reviewed the first again;
SafeLives, counter-allegations at MARAC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.models import Action
from app.actions.outcomes.ending import end_actions, shown_done
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.actions.repository import unreported_duties_for_change
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.duty_ids import REVIEW_OTHER_CASE
from app.ownership.models import Need
from app.ownership.repository import current_ownership, open_needs_of_case
from app.people.service import refs_of_same_person
from app.referrals.crossed_roles_repository import crossed_cases, is_crossed_since
from app.referrals.models import Case, Decision
from app.referrals.repositories.case_repository import case_by_id, cases_of_victim
from app.referrals.repositories.decision_repository import count_decisions_of, latest_decision_of
from app.referrals.stored_records import known_facts
from app.reminders.deadline import Deadline
from app.vocabulary import NeedKind, Role

OTHER_CASE_REVIEW_WORKING_DAYS = 1  # [I] a product default; the review gives no figure

DECIDED_ANEW = "The case was decided anew on what it asks to be looked at"
SAME_VICTIM = (
    "Review this case: somebody else has been reported for harming the same victim. "
    "Ask the MARAC co-ordinator what is known, and have the case decided anew"
)
CROSSED_ROLES = (
    "Review this case: the same two people have been reported with the opposite roles. Neither report says by itself "
    "who harms whom. Ask the MARAC co-ordinator what is known, and have the case decided anew"
)


@dataclass(frozen=True, slots=True)
class CrossedCase:
    """A case of the same two people with the opposite roles. `prompt` is its own line of the list, if it waits too."""

    case: Case
    prompt: "ReviewPrompt | None" = None


@dataclass(frozen=True, slots=True)
class ReviewPrompt:
    """A case to review: the prompting action, the decision that stands, and what was reported since it."""

    case: Case
    action: Action
    decision: Decision
    opened_since: tuple[Case, ...]
    crossed: tuple[CrossedCase, ...]


def prompt_owners_of_other_cases(tx: Transaction, opened: Case) -> None:
    """Asks the accepted perpetrator owner of every other open case of this victim to review that case.

    Only the first decision of a case prompts. The event of the prompt carries ids only: the new case may lie where the
    victim has moved to, and whoever manages the first perpetrator need not know where that is.
    """
    if count_decisions_of(tx.session, opened.id) == 1:
        _prompt(tx, _other_cases(tx.session, opened), SAME_VICTIM)


def prompt_owner_of_crossed_case(tx: Transaction, reported: Case) -> None:
    """Asks the same of the case in which the two people have opposite roles, unless its decision says so already."""
    crossed = crossed_cases(tx.session, reported)
    _prompt(tx, [case for case in crossed if _is_unaware(tx.session, case)], CROSSED_ROLES)


def _prompt(tx: Transaction, cases: Sequence[Case], what: str) -> None:
    for case in cases:
        need = _open_perpetrator_need(tx.session, case)
        if need is not None:
            assign_duties(tx.session, [_review_assignment(tx, case, need, what)], tx.now)


def cases_to_review(session: Session, prompts: Sequence[Action]) -> list[ReviewPrompt]:
    """Returns the prompted cases, oldest decision first.

    A case leaves once it is decided after the prompt, or has ended.

    Two cases of the same two people with opposite roles are one line, that of the older decision.
    """
    found = [prompt for action in prompts if (prompt := _review_prompt(session, action)) is not None]
    return _each_pair_once(sorted(found, key=lambda prompt: prompt.decision.number))


def _each_pair_once(prompts: Sequence[ReviewPrompt]) -> list[ReviewPrompt]:
    waiting = {prompt.case.id: prompt for prompt in prompts}
    lines: list[ReviewPrompt] = []
    for prompt in prompts:
        if waiting.pop(prompt.case.id, None) is None:
            continue
        crossed = tuple(CrossedCase(one.case, waiting.pop(one.case.id, None)) for one in prompt.crossed)
        lines.append(replace(prompt, crossed=crossed))
    return lines


def end_answered_reviews(tx: Transaction, case: Case) -> None:
    """Ends the reviews of a case that somebody has just asked to have decided anew, with a reason.

    A report that comes in and the end of a clock decide too, and nobody has looked then.
    """
    asked = unreported_duties_for_change(tx.session, case.id, {REVIEW_OTHER_CASE})
    end_actions(tx, [one for one in asked if _review_prompt(tx.session, one) is None], shown_done(DECIDED_ANEW))


def _review_prompt(session: Session, action: Action) -> ReviewPrompt | None:
    case, decision = case_by_id(session, action.case_id), latest_decision_of(session, action.case_id)
    if case is None or decision is None or _open_perpetrator_need(session, case) is None:
        return None
    since = [other for other in _other_cases(session, case) if other.opened_at > decision.decided_at]
    if not since and not _is_unaware(session, case):
        return None
    crossed = tuple(map(CrossedCase, crossed_cases(session, case)))
    return ReviewPrompt(case, action, decision, tuple(since), crossed)


def _is_unaware(session: Session, case: Case) -> bool:
    """Returns whether crossed roles were reported after the newest decision on the case, which does not show them."""
    decision = latest_decision_of(session, case.id)
    # The decision's own fact says what it knew: a decision that counted the crossed report needs no prompt.
    if decision is None or known_facts(decision).get("roles_reversed") is True:
        return False
    opened_since = any(other.opened_at > decision.decided_at for other in crossed_cases(session, case))
    return opened_since or is_crossed_since(session, case, decision.decided_at)


def _other_cases(session: Session, case: Case) -> list[Case]:
    """Returns the victim's cases under any pseudonym, except those with the same perpetrator.

    Two unknown perpetrators do not count as the same one.
    """
    cases = cases_of_victim(session, refs_of_same_person(session, case.victim_ref))
    perpetrator = case.perpetrator_ref
    same = refs_of_same_person(session, perpetrator) if perpetrator else frozenset[str]()
    return [other for other in cases if other.id != case.id and other.perpetrator_ref not in same]


def _open_perpetrator_need(session: Session, case: Case) -> Need | None:
    needs = open_needs_of_case(session, case.id)
    return next((need for need in needs if need.kind == NeedKind.PERPETRATOR), None)


def _review_assignment(tx: Transaction, case: Case, need: Need, what: str) -> Assignment:
    owner = current_ownership(tx.session, need)
    calendar = calendar_of_area(tx.session, case.area)
    chair = agency_in_post(tx.session, case.area, Role.MARAC_CHAIR)
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=what,
        done_when="The case is decided anew on all known facts, and what changes for the perpetrator is on record",
        owner_role=owner.role,
        owner_agency=owner.agency,
        deadline=Deadline(calendar.add(london_date(tx.now), OTHER_CASE_REVIEW_WORKING_DAYS), None),
        duty=REVIEW_OTHER_CASE,
        about=NeedKind.PERPETRATOR,
        forums=(owner.forum,),
        informed=(*case.agencies, chair or ""),
    )

"""Prompts the owner of a case to review it when another report changes how the case looks.

Another perpetrator is reported for harming the same victim, the same two people are reported to another area, or with
opposite roles. Sources: DHR "Jean" 14.1.27-28: the victim was helped over the second perpetrator, and nobody reviewed
the first again; 14.3.15: a report to another force reached nobody; SafeLives, counter-allegations at MARAC.
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
from app.intake.case_reviews.reasons import (
    case_to_look_at,
    cases_beside_others,
    cases_in_other_areas,
    is_reported_elsewhere_since,
    is_unaware_of_crossed_roles,
    open_need_of_kind,
)
from app.intake.duty_ids import REVIEW_OTHER_CASE
from app.ownership.models import Need
from app.ownership.repository import current_ownership, open_needs_of_case
from app.referrals.crossed_roles_repository import crossed_cases
from app.referrals.models import Case, Decision
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.repositories.decision_repository import count_decisions_of, latest_decision_of
from app.reminders.deadline import Deadline
from app.vocabulary import NeedKind, Role

OTHER_CASE_REVIEW_WORKING_DAYS = 1  # [I] a product default; the review gives no figure

DECIDED_ANEW = "The case was decided anew on what it asks to be looked at"
# One sentence for both: who manages the first perpetrator is told of no other, and of no other area.
LOOK_AGAIN = (
    "Review this case: another report puts it in another light. "
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
    """A case to review: the prompting action, the decision that stands, and what was reported since it.

    `reported_elsewhere`: another area has had a report of the same two people since.
    """

    case: Case
    action: Action
    decision: Decision
    opened_since: tuple[Case, ...]
    reported_elsewhere: bool
    crossed: tuple[CrossedCase, ...]


def prompt_owners_of_other_cases(tx: Transaction, opened: Case) -> None:
    """Asks the accepted perpetrator owner of every other open case of this victim to review that case.

    Only the first decision of a case prompts. The event of the prompt carries ids only: the new case may lie where the
    victim has moved to, and whoever manages the first perpetrator need not know where that is.
    """
    if count_decisions_of(tx.session, opened.id) == 1:
        _prompt(tx, cases_beside_others(tx.session, opened), LOOK_AGAIN)


def prompt_owners_in_other_areas(tx: Transaction, reported: Case) -> None:
    """Asks the owners of every open case that another area has of the same two people to review that case.

    Each report prompts, and whoever manages the perpetrator from another area is asked too. The area keeps its own
    case, and learns from the MARAC co-ordinator what is known.
    """
    others = cases_in_other_areas(tx.session, reported)
    asked = [(case, need) for case in others for need in open_needs_of_case(tx.session, case.id)]
    managed = open_need_of_kind(tx.session, reported, NeedKind.PERPETRATOR)
    if managed is not None and managed.area != reported.area:
        asked.insert(0, (reported, managed))
    # An agency that owns both needs of a case looks once.
    once = {
        (looked_at.id, current_ownership(tx.session, need).agency): (looked_at, need)
        for looked_at, need in ((case_to_look_at(tx.session, case, need), need) for case, need in asked)
    }
    for looked_at, need in once.values():
        assign_duties(tx.session, [_review_assignment(tx, looked_at, need, LOOK_AGAIN)], tx.now)


def prompt_owner_of_crossed_case(tx: Transaction, reported: Case) -> None:
    """Asks the same of the case in which the two people have opposite roles, unless its decision says so already."""
    crossed = crossed_cases(tx.session, reported)
    _prompt(tx, [case for case in crossed if is_unaware_of_crossed_roles(tx.session, case)], CROSSED_ROLES)


def _prompt(tx: Transaction, cases: Sequence[Case], what: str) -> None:
    for case in cases:
        need = open_need_of_kind(tx.session, case, NeedKind.PERPETRATOR)
        if need is not None:
            looked_at = case_to_look_at(tx.session, case, need)
            assign_duties(tx.session, [_review_assignment(tx, looked_at, need, what)], tx.now)


def cases_to_review(session: Session, prompts: Sequence[Action]) -> list[ReviewPrompt]:
    """Returns the prompted cases, oldest decision first.

    A case leaves once it is decided after the prompt, or has ended.

    Two cases of the same two people with opposite roles are one line, that of the older decision.
    """
    found = [prompt for action in prompts if (prompt := _review_prompt(session, action)) is not None]
    return _each_pair_once(sorted(found, key=lambda prompt: prompt.decision.number))


def other_cases_of(prompt: ReviewPrompt) -> list[Case]:
    """Returns the cases beside its own that are a reason to review."""
    crossed = [one.case for one in prompt.crossed]
    later = [case for one in prompt.crossed if one.prompt for case in one.prompt.opened_since]
    return [*prompt.opened_since, *crossed, *later]


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
    if (
        case is None
        or decision is None
        or open_need_of_kind(session, case, action.about or NeedKind.PERPETRATOR) is None
    ):
        return None
    since = [other for other in cases_beside_others(session, case) if other.opened_at > decision.decided_at]
    elsewhere = is_reported_elsewhere_since(session, case, decision.decided_at)
    if not since and not elsewhere and not is_unaware_of_crossed_roles(session, case):
        return None
    crossed = tuple(map(CrossedCase, crossed_cases(session, case)))
    return ReviewPrompt(case, action, decision, tuple(since), elsewhere, crossed)


def _review_assignment(tx: Transaction, case: Case, need: Need, what: str) -> Assignment:
    owner = current_ownership(tx.session, need)
    calendar = calendar_of_area(tx.session, need.area)
    chair = agency_in_post(tx.session, need.area, Role.MARAC_CHAIR)
    return Assignment(
        case_id=case.id,
        area=need.area,
        what=what,
        done_when="The case is decided anew on all known facts, and what changes for the perpetrator is on record",
        owner_role=owner.role,
        owner_agency=owner.agency,
        deadline=Deadline(calendar.add(london_date(tx.now), OTHER_CASE_REVIEW_WORKING_DAYS), None),
        duty=REVIEW_OTHER_CASE,
        about=need.kind,
        forums=(owner.forum,),
        informed=(*case.agencies, chair or ""),
    )

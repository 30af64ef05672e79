"""Writes what follows from a decision in short items, each true of what is known now."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.repository import open_duties_of_case
from app.enquiries.models import AskedQuestion
from app.enquiries.notices import first_due
from app.enquiries.repository import items_of_case
from app.foundation.clock import LONDON
from app.intake.answer.schemas import (
    ActionBrief,
    NeedBrief,
    OpenBrief,
    OwnerBrief,
    ProposalBrief,
)
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.proposal_repository import waiting_proposals
from app.ownership.repository import current_ownership
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.routing.policy.duty_ids import IDENTIFY_PERPETRATOR
from app.routing.policy.labels import capitalised, forum_name
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum, NeedKind

LINE, SENTENCE = 90, 240
_IDENTIFIED = "asked about once somebody has found out who it is; the co-ordinator is told when that is late"
_MARAC_ASKED = "MARAC is asked"
_ESCALATED = "the co-ordinator is told, and then the strategic lead; nobody is asked to lead on silence"
_INSPECTOR = "the hub's police inspector is asked what follows; nobody is asked to lead on silence"
_ABOUT = {NeedKind.VICTIM_SAFETY: "the victim's safety", NeedKind.PERPETRATOR: "the perpetrator"}


def need_brief(session: Session, need: Need, order: Sequence[Forum]) -> NeedBrief:
    """Returns the need with its present owner and the forums that have yet to answer, those of `order` first."""
    owner = current_ownership(session, need) if need.ended_at is None else None
    waiting = sorted(
        waiting_proposals(session, need.id),
        key=lambda each: (each.kind, order.index(each.forum) if each.forum in order else len(order)),
    )
    return NeedBrief(
        id=need.id,
        kind=need.kind,
        owner=OwnerBrief.model_validate(owner) if owner else None,
        proposals=[ProposalBrief.model_validate(each) for each in waiting],
        says=_need_in_words(need, owner, [each for each in waiting if each.kind == ProposalKind.LEAD]),
    )


def _need_in_words(need: Need, owner: Ownership | None, asked: Sequence[Proposal]) -> str:
    about = _ABOUT[need.kind]
    if owner is None:
        return f"Nobody owns {about} now: this need has ended ({need.end_reason})."
    holds = f"{forum_name(owner.forum)} ({owner.agency})"
    if not asked:
        return f"{capitalised(holds)} owns {about}; nobody else is asked to lead."
    first, *others = (forum_name(each.forum) for each in asked)
    too = f" (asked too: {', '.join(others)})" if others else ""
    by = _moment(asked[0].answer_by)
    return f"{capitalised(first)} is asked to lead on {about}, by {by}{too}; {holds} owns it meanwhile."


def _moment(at: datetime) -> str:
    """Returns the instant in London time; midnight is the end of the day before."""
    local = at.astimezone(LONDON)
    if local.time() == time.min:
        return f"the end of {local - timedelta(days=1):%-d %B %Y}"
    return f"{local:%-d %B %Y at %H:%M}"


def open_briefs(
    session: Session, case: Case, decision: RoutingDecision, needs: Sequence[Need], at: datetime
) -> list[OpenBrief]:
    """Returns each forum that is neither met nor not met about an open need, until when, and what ends that.

    It is open until the first clock of the questions about it that runs at that instant. While nobody has identified
    the perpetrator nothing can be asked about them, and the clock is that of finding out who it is.
    """
    items, identifying = items_of_case(session, case.id), _identifying_until(session, case)
    open_kinds, briefs = {need.kind for need in needs if need.ended_at is None}, []
    for each in decision.open:
        if (NeedKind.VICTIM_SAFETY if each.outcome == "marac" else NeedKind.PERPETRATOR) not in open_kinds:
            continue
        about = [item for item in items if each.outcome in item.decides]
        asked_until = _next_clock(items, about, at)
        waits = first_due(about) is None and decision.facts["perpetrator_known"] is False
        briefs.append(
            OpenBrief(
                outcome=each.outcome,
                says=shortened(each.says, SENTENCE),
                until=identifying if waits else asked_until,
                then=_IDENTIFIED if waits else _at_the_end(each.outcome, decision),
            )
        )
    return briefs


def _next_clock(items: Sequence[AskedQuestion], about: Sequence[AskedQuestion], at: datetime) -> datetime | None:
    """Returns the first clock of these questions that runs. Where all have ended, that of the newest report counts.

    A new report has its own clock: its post is asked again by then. That of the questions before it is not put off.
    """
    posts = {item.enquiry_id for item in about}
    of_post = [item for item in items if item.enquiry_id in posts]
    return next((until for some in (about, of_post) if (until := first_due(_running(some, at))) is not None), None)


def _running(items: Sequence[AskedQuestion], at: datetime) -> list[AskedQuestion]:
    return [item for item in items if item.due_at > at]


def _identifying_until(session: Session, case: Case) -> datetime | None:
    """Returns until when somebody is to find out who the perpetrator is."""
    finding_out = open_duties_of_case(session, case.id).get(IDENTIFY_PERPETRATOR, [])
    return next((action.sort_at for action in finding_out), None)


def _at_the_end(outcome: str, decision: RoutingDecision) -> str:
    """Returns what follows when nobody can say by then."""
    if outcome != "marac":
        return _ESCALATED
    return _MARAC_ASKED if decision.facts["abuse_reported"] is True else _INSPECTOR


def action_brief(action: Action) -> ActionBrief:
    """Returns the action in one line."""
    due = action.due_on.isoformat() if action.due_on else _instant(action.due_at or action.sort_at)
    return ActionBrief(
        id=action.id,
        duty=action.duty,
        what=shortened(action.what, LINE),
        owner_role=action.owner_role,
        owner_agency=action.owner_agency,
        due=due,
        life_safety=action.life_safety,
    )


def shortened(text: str, most: int) -> str:
    """Returns the text, cut at a word with an ellipsis when it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} ..."


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")

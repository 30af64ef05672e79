"""The queries of the pages across rooms: visits, counters, declined requests, and names of codes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, literal, select, update
from sqlalchemy.orm import Session

from app.access.models import Agency, Client, PageVisit
from app.actions.list_repository import MOST_COUNTED, is_overdue, is_unreviewed
from app.actions.models import Action, Report
from app.foundation.identifiers import new_id
from app.ownership.models import Need, Ownership, Proposal, ProposalAnswer
from app.referrals.models import Case
from app.routing.policy.duty_ids import PROPOSE_NEXT_FORUM
from app.vocabulary import UNFINISHED, ActionState, ProposalState


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """The board's counters. None is above `MOST_COUNTED + 1`, which means "more than `MOST_COUNTED`"."""

    overdue: int
    due_this_week: int
    unreviewed: int
    returned: int


@dataclass(frozen=True, slots=True)
class DeclinedRequest:
    """A proposal that was declined or expired, its answer, and the need with its present owner."""

    proposal: Proposal
    answer: ProposalAnswer
    need: Need
    owner: Ownership


def begin_visit(session: Session, client: Client, now: datetime) -> str:
    """Records a visit of the client from now. Returns its id."""
    visit = PageVisit(id=new_id("vis"), client_id=client.id, signed_in_at=now)
    session.add(visit)
    session.flush()
    return visit.id


def end_visit(session: Session, visit_id: str, now: datetime) -> None:
    """Ends the visit for every browser that carries it."""
    session.execute(
        update(PageVisit).where(PageVisit.id == visit_id, PageVisit.signed_out_at.is_(None)).values(signed_out_at=now)
    )


def visiting_client(session: Session, visit_id: str) -> Client | None:
    """Returns the client of the visit; None once it was signed out or the key is suspended."""
    return session.scalar(
        select(Client)
        .join(PageVisit, PageVisit.client_id == Client.id)
        .where(PageVisit.id == visit_id, PageVisit.signed_out_at.is_(None), Client.suspended_at.is_(None))
    )


def count_actions(
    session: Session, now: datetime, due_from: datetime, due_before: datetime, hidden: Collection[str]
) -> BoardCounts:
    """Returns the four counts in one statement, without the actions that are hidden from the caller."""
    shown = (Action.id.not_in(hidden),) if hidden else ()
    # Each count stops at its cap, so that the board stays quick however many actions there are.
    due_this_week = (
        Action.state.in_(UNFINISHED),
        Action.sort_at >= due_from,
        Action.sort_at < due_before,
    )
    row = session.execute(
        select(
            _capped(*shown, is_overdue(now)),
            _capped(*shown, *due_this_week),
            _capped(*shown, Action.state.in_(UNFINISHED), is_unreviewed(now)),
            _capped(*shown, Action.state == ActionState.RETURNED),
        )
    ).one()
    return BoardCounts(*row)


def _capped(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(Action.id).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def declined_requests(session: Session, limit: int) -> Sequence[DeclinedRequest]:
    """Returns the proposals that were declined or expired and whose need has the same owner since; the newest first.

    A proposal leaves the list when somebody else owns the need, or when the duty to ask again (D15.propose) was
    reviewed.
    """
    asked_again = exists().where(
        Action.case_id == Proposal.case_id,
        Action.duty == literal(f"{PROPOSE_NEXT_FORUM}:") + Proposal.kind + ":" + Proposal.forum,
        Action.state == ActionState.REVIEWED,
        Action.created_at >= ProposalAnswer.answered_at,
    )
    rows = session.execute(
        select(Proposal, ProposalAnswer, Need, Ownership)
        .join(ProposalAnswer, ProposalAnswer.proposal_id == Proposal.id)
        .join(Need, Need.id == Proposal.need_id)
        .join(Ownership, Ownership.need_number == Need.number)
        .where(
            Proposal.state.in_([ProposalState.DECLINED, ProposalState.EXPIRED]),
            Need.ended_at.is_(None),
            func.upper_inf(Ownership.during),
            # The span that has no end and holds the instant of the answer: nobody else has owned the need since.
            Ownership.during.contains(ProposalAnswer.answered_at),
            ~asked_again,
        )
        .order_by(ProposalAnswer.answered_at.desc(), Proposal.id)
        .limit(limit)
    )
    return [DeclinedRequest(*row) for row in rows]


def waiting_by_need(session: Session, need_ids: Collection[str]) -> dict[str, Proposal]:
    """Returns the proposal that waits for an answer about each need; the newest, where there are several."""
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.need_id.in_(need_ids), Proposal.state == ProposalState.PROPOSED)
        .order_by(Proposal.proposed_at)
    )
    return {row.need_id: row for row in rows}


def latest_reports(session: Session, action_ids: Collection[str]) -> dict[str, Report]:
    """Returns the last report of each action."""
    rows = session.scalars(
        select(Report).where(Report.action_id.in_(action_ids)).order_by(Report.reported_at, Report.id)
    )
    return {row.action_id: row for row in rows}


def case_references(session: Session, case_ids: Collection[str]) -> dict[str, str]:
    """Returns the short reference of each case, as people say it in meetings."""
    rows = session.execute(select(Case.id, Case.reference).where(Case.id.in_(case_ids)))
    return dict(rows.all())


def agency_names(session: Session) -> dict[str, str]:
    """Returns every agency's name by its code, in the order of the names."""
    rows = session.execute(select(Agency.code, Agency.name).order_by(Agency.name))
    return dict(rows.all())

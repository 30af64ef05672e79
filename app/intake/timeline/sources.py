"""Where a case's timeline comes from: every table that says something happened, when, and in which words.

A source reads only its own table; row security decides what a caller sees of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, SQLColumnExpression, func, or_, select, type_coerce

from app.actions.models import Action, Change, Report, Review
from app.foundation.storage.database import Base
from app.intake.timeline import wording as words
from app.intake.timeline.wording import TimelineWording
from app.meetings.models import Deferral, Discharge, Listing
from app.meetings.record_models import (
    EmergencyDecision,
    Invitation,
    MappaReferral,
    MeetingReview,
    ResearchRequest,
    ResearchReturn,
)
from app.outbox.models import Event
from app.ownership.models import (
    CaseNeed,
    Ending,
    Need,
    Override,
    Ownership,
    Proposal,
    ProposalAnswer,
    Transfer,
    TransferAnswer,
)
from app.referrals.models import Decision, Incident, Learned, Referral
from app.vocabulary import EventType

SAID_BY_EVENTS = (EventType.CASE_HEARD, EventType.REMINDER_DUE)


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One kind of thing that happens: its table, its instant, which rows are a case's, and how each is said."""

    model: type[Base]
    at: SQLColumnExpression[datetime]
    of_case: Callable[[str], ColumnElement[bool]]
    say: Callable[[Any], TimelineWording]

    @property
    def id(self) -> ColumnElement[str]:
        """The row's id; compared byte by byte, so that pages do not depend on a database's language."""
        column: ColumnElement[str] = self.model.__table__.c.id
        return column.collate("C")


def _own(model: Any) -> Callable[[str], ColumnElement[bool]]:  # noqa: ANN401 - any table with a case_id
    return lambda case_id: model.case_id == case_id


def _through(column: Any, of: Any) -> Callable[[str], ColumnElement[bool]]:  # noqa: ANN401
    return lambda case_id: column.in_(select(of.id).where(of.case_id == case_id))


def _needs_of(column: Any, named_by: Any) -> Callable[[str], ColumnElement[bool]]:  # noqa: ANN401
    def of_case(case_id: str) -> ColumnElement[bool]:
        needs = select(named_by).join(CaseNeed, CaseNeed.need_id == Need.id)
        found: ColumnElement[bool] = column.in_(needs.where(CaseNeed.case_id == case_id))
        return found

    return of_case


def _said_by_event(case_id: str) -> ColumnElement[bool]:
    """By subject and not by case: that is how events are indexed."""
    of_its = (
        (Event.subject_type == kind) & Event.subject_id.in_(select(model.id).where(model.case_id == case_id))
        for kind, model in (("action", Action), ("proposal", Proposal))
    )
    own = (Event.subject_type == "case") & (Event.subject_id == case_id)
    return or_(own, *of_its) & Event.type.in_(SAID_BY_EVENTS)


def _moments(case_id: str) -> ColumnElement[bool]:
    return _needs_of(Ownership.need_number, Need.number)(case_id) & ~func.isempty(Ownership.during)


SOURCES: Mapping[str, TimelineSource] = {
    "referral": TimelineSource(Referral, Referral.received_at, _own(Referral), words.of_referral),
    "incident": TimelineSource(Incident, Incident.recorded_at, _own(Incident), words.of_incident),
    "facts": TimelineSource(
        Learned, Learned.learned_at, _through(Learned.referral_id, Referral), words.of_facts
    ),
    "decision": TimelineSource(Decision, Decision.decided_at, _own(Decision), words.of_decision),
    "proposal": TimelineSource(Proposal, Proposal.proposed_at, _own(Proposal), words.of_proposal),
    "answer": TimelineSource(
        ProposalAnswer,
        ProposalAnswer.answered_at,
        _through(ProposalAnswer.proposal_id, Proposal),
        words.of_answer,
    ),
    "owner": TimelineSource(
        Ownership,
        type_coerce(func.lower(Ownership.during), DateTime(timezone=True)),
        _moments,
        words.of_owner,
    ),
    "override": TimelineSource(
        Override, Override.overridden_at, _needs_of(Override.need_id, Need.id), words.of_override
    ),
    "transfer": TimelineSource(Transfer, Transfer.requested_at, _own(Transfer), words.of_transfer),
    "transfer_answer": TimelineSource(
        TransferAnswer,
        TransferAnswer.answered_at,
        _through(TransferAnswer.transfer_id, Transfer),
        words.of_transfer_answer,
    ),
    "ending": TimelineSource(Ending, Ending.ended_at, _needs_of(Ending.need_id, Need.id), words.of_ending),
    "action": TimelineSource(Action, Action.created_at, _own(Action), words.of_action),
    "report": TimelineSource(Report, Report.reported_at, _through(Report.action_id, Action), words.of_report),
    "review": TimelineSource(Review, Review.reviewed_at, _through(Review.action_id, Action), words.of_review),
    "change": TimelineSource(Change, Change.changed_at, _through(Change.action_id, Action), words.of_change),
    "listing": TimelineSource(Listing, Listing.listed_at, _own(Listing), words.of_listing),
    "invitation": TimelineSource(Invitation, Invitation.invited_at, _own(Invitation), words.of_invitation),
    "deferral": TimelineSource(Deferral, Deferral.deferred_at, _own(Deferral), words.of_deferral),
    "emergency_decision": TimelineSource(
        EmergencyDecision, EmergencyDecision.decided_at, _own(EmergencyDecision), words.of_emergency
    ),
    "research_return": TimelineSource(
        ResearchReturn,
        ResearchReturn.returned_at,
        _through(ResearchReturn.request_id, ResearchRequest),
        words.of_return,
    ),
    "meeting_review": TimelineSource(
        MeetingReview,
        MeetingReview.reviewed_at,
        _through(MeetingReview.action_id, Action),
        words.of_meeting_review,
    ),
    "mappa_referral": TimelineSource(
        MappaReferral, MappaReferral.referred_at, _own(MappaReferral), words.of_mappa_referral
    ),
    "discharge": TimelineSource(Discharge, Discharge.discharged_at, _own(Discharge), words.of_discharge),
    "event": TimelineSource(Event, Event.occurred_at, _said_by_event, words.of_event),
}

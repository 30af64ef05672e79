"""Lists the sources of a case's timeline: each table of things that happen, with its instant and its wording.

A source reads only its own table; row security decides which of its rows a caller sees.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, SQLColumnExpression, func, select, type_coerce

from app.actions.models import Action, Change, Report, Review
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.vocabulary import QuestionEnd
from app.foundation.storage.database import Base
from app.intake.timeline import decision_wording, enquiry_wording
from app.intake.timeline import wording as words
from app.intake.timeline.wording import TimelineWording
from app.meetings.models import Deferral, Discharge, Listing
from app.meetings.record_models import (
    Countersignature,
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
from app.referrals.models import AssessmentReview, Decision, Incident, LaterFacts, Referral
from app.reminders.models import ReminderLine, ReminderMessage, ReminderTimer
from app.vocabulary import EventType

# Recorded as events and in no other table.
EVENT_ONLY_TYPES = (EventType.CASE_HEARD,)


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One kind of thing that happens: its table, its instant, which rows belong to a case, and the wording of a row."""

    model: type[Base]
    at: SQLColumnExpression[datetime]
    of_case: Callable[[str], ColumnElement[bool]]
    wording: Callable[[Any], TimelineWording]

    @property
    def id(self) -> ColumnElement[str]:
        """The row's id, compared byte by byte."""
        # The language of a database differs between servers; a cursor must mean one position on each.
        column: ColumnElement[str] = self.model.__table__.c.id
        return column.collate("C")


def _by_case_id(model: Any) -> Callable[[str], ColumnElement[bool]]:  # noqa: ANN401 - any table with a case_id
    return lambda case_id: model.case_id == case_id


def _by_parent(column: Any, of: Any) -> Callable[[str], ColumnElement[bool]]:  # noqa: ANN401
    return lambda case_id: column.in_(select(of.id).where(of.case_id == case_id))


def _by_need(column: Any, named_by: Any) -> Callable[[str], ColumnElement[bool]]:  # noqa: ANN401
    def of_case(case_id: str) -> ColumnElement[bool]:
        needs = select(named_by).join(CaseNeed, CaseNeed.need_id == Need.id)
        # By the need: what happens to a need that serves several cases stands in the timeline of each.
        found: ColumnElement[bool] = column.in_(needs.where(CaseNeed.case_id == case_id))
        return found

    return of_case


def _event_of_case(case_id: str) -> ColumnElement[bool]:
    # By subject and not by case, because that is how events are indexed.
    return (Event.subject_type == "case") & (Event.subject_id == case_id) & Event.type.in_(EVENT_ONLY_TYPES)


def _reminded_of_case(case_id: str) -> ColumnElement[bool]:
    named = select(ReminderLine.message_id).join(ReminderTimer, ReminderTimer.id == ReminderLine.timer_id)
    return ReminderMessage.id.in_(named.where(ReminderTimer.case_id == case_id))


def _answered_in_case(case_id: str) -> ColumnElement[bool]:
    return (AskedQuestion.case_id == case_id) & (AskedQuestion.ended != QuestionEnd.NO_LONGER_ASKED)


def _spans_of_case(case_id: str) -> ColumnElement[bool]:
    return _by_need(Ownership.need_number, Need.number)(case_id)


SOURCES: Mapping[str, TimelineSource] = {
    "referral": TimelineSource(Referral, Referral.received_at, _by_case_id(Referral), words.of_referral),
    "incident": TimelineSource(Incident, Incident.recorded_at, _by_case_id(Incident), words.of_incident),
    "facts": TimelineSource(
        LaterFacts, LaterFacts.learned_at, _by_parent(LaterFacts.referral_id, Referral), words.of_facts
    ),
    "assessment_review": TimelineSource(
        AssessmentReview, AssessmentReview.reviewed_at, _by_case_id(AssessmentReview), words.of_assessment_review
    ),
    "decision": TimelineSource(Decision, Decision.decided_at, _by_case_id(Decision), decision_wording.of_decision),
    "proposal": TimelineSource(Proposal, Proposal.proposed_at, _by_case_id(Proposal), words.of_proposal),
    "answer": TimelineSource(
        ProposalAnswer,
        ProposalAnswer.answered_at,
        _by_parent(ProposalAnswer.proposal_id, Proposal),
        words.of_answer,
    ),
    "owner": TimelineSource(
        Ownership,
        type_coerce(func.lower(Ownership.during), DateTime(timezone=True)),
        _spans_of_case,
        words.of_owner,
    ),
    "override": TimelineSource(
        Override, Override.overridden_at, _by_need(Override.need_id, Need.id), words.of_override
    ),
    "transfer": TimelineSource(Transfer, Transfer.requested_at, _by_case_id(Transfer), words.of_transfer),
    "transfer_answer": TimelineSource(
        TransferAnswer,
        TransferAnswer.answered_at,
        _by_parent(TransferAnswer.transfer_id, Transfer),
        words.of_transfer_answer,
    ),
    "ending": TimelineSource(Ending, Ending.ended_at, _by_need(Ending.need_id, Need.id), words.of_ending),
    "action": TimelineSource(Action, Action.created_at, _by_case_id(Action), words.of_action),
    "report": TimelineSource(Report, Report.reported_at, _by_parent(Report.action_id, Action), words.of_report),
    "review": TimelineSource(Review, Review.reviewed_at, _by_parent(Review.action_id, Action), words.of_review),
    "change": TimelineSource(Change, Change.changed_at, _by_parent(Change.action_id, Action), words.of_change),
    "enquiry": TimelineSource(
        AskedEnquiry, AskedEnquiry.asked_at, _by_case_id(AskedEnquiry), enquiry_wording.of_enquiry
    ),
    "question": TimelineSource(
        AskedQuestion,
        type_coerce(AskedQuestion.ended_at, DateTime(timezone=True)),
        _answered_in_case,
        enquiry_wording.of_question,
    ),
    "listing": TimelineSource(Listing, Listing.listed_at, _by_case_id(Listing), words.of_listing),
    "invitation": TimelineSource(Invitation, Invitation.invited_at, _by_case_id(Invitation), words.of_invitation),
    "deferral": TimelineSource(Deferral, Deferral.deferred_at, _by_case_id(Deferral), words.of_deferral),
    "emergency_decision": TimelineSource(
        EmergencyDecision, EmergencyDecision.decided_at, _by_case_id(EmergencyDecision), words.of_emergency
    ),
    "research_return": TimelineSource(
        ResearchReturn,
        ResearchReturn.returned_at,
        _by_parent(ResearchReturn.request_id, ResearchRequest),
        words.of_return,
    ),
    "return_countersignature": TimelineSource(
        Countersignature,
        Countersignature.countersigned_at,
        _by_case_id(Countersignature),
        words.of_countersignature,
    ),
    "meeting_review": TimelineSource(
        MeetingReview,
        MeetingReview.reviewed_at,
        _by_parent(MeetingReview.action_id, Action),
        words.of_meeting_review,
    ),
    "mappa_referral": TimelineSource(
        MappaReferral, MappaReferral.referred_at, _by_case_id(MappaReferral), words.of_mappa_referral
    ),
    "discharge": TimelineSource(Discharge, Discharge.discharged_at, _by_case_id(Discharge), words.of_discharge),
    "event": TimelineSource(Event, Event.occurred_at, _event_of_case, words.of_event),
    "reminder": TimelineSource(ReminderMessage, ReminderMessage.said_at, _reminded_of_case, words.of_reminder),
}

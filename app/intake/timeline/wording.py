"""Words each thing that happened in one plain line: what, who did it, and which event told others of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.actions.models import Action, Change, Report, Review
from app.actions.vocabulary import ChangeKind
from app.foundation.clock import london_date
from app.meetings.models import Deferral, Discharge, Listing
from app.meetings.record_models import (
    Countersignature,
    EmergencyDecision,
    Invitation,
    MappaReferral,
    MeetingReview,
    ResearchReturn,
)
from app.outbox.models import Event
from app.ownership.models import (
    Ending,
    Override,
    Ownership,
    Proposal,
    ProposalAnswer,
    Transfer,
    TransferAnswer,
)
from app.referrals.models import AssessmentReview, Incident, LaterFacts, Referral
from app.referrals.schemas.contact import ContactFactsIn
from app.reminders.models import ReminderMessage
from app.reminders.vocabulary import MessageKind
from app.routing.policy.duty_ids import EMERGENCY_MEETING

SERVICE = "service"
OF_CONTACT = "contact and consent"


@dataclass(frozen=True, slots=True)
class TimelineWording:
    """What happened in words, who did it, which forums it concerns, and who was told.

    `subjects` are the ids whose events tell of it. `informed` is set where the row is itself an event or a reminder.
    """

    what: str
    who: str
    subjects: frozenset[str] = field(default_factory=frozenset)
    forums: tuple[str, ...] = ()
    informed: tuple[str, ...] | None = None


def _ids(*subjects: str | None) -> frozenset[str]:
    return frozenset(subject for subject in subjects if subject)


def of_referral(row: Referral) -> TimelineWording:
    role = row.document.get("referrer_role")
    sender = f"{row.referring_agency}, {role}" if role else row.referring_agency
    sent = f"Referral {row.source_reference} received from {sender}"
    return TimelineWording(sent, row.referring_agency, _ids(row.id))


def of_incident(row: Incident) -> TimelineWording:
    on = london_date(row.occurred_at).isoformat()
    force = str(row.document.get("force", ""))
    return TimelineWording(f"Incident of {on} recorded, reported to {force}", row.reported_by, _ids(row.referral_id))


def of_facts(row: LaterFacts) -> TimelineWording:
    return TimelineWording(_later_facts_in_words(row), row.learned_by, _ids(row.referral_id))


def of_assessment_review(row: AssessmentReview) -> TimelineWording:
    return TimelineWording(
        f"Grade of a report set to {row.grade}: {row.reason}", row.reviewed_by, _ids(row.referral_id)
    )


def _later_facts_in_words(row: LaterFacts) -> str:
    """Names the parts that were stated and those taken back by null, as the referral names them."""
    parts = sorted(row.document)
    taken_back = [name for name in parts if _holds_null(row.document[name])]
    stated = [name for name in parts if name not in taken_back or _holds_value(row.document[name])]
    by_kind = {"Facts learned": _shown_names(stated), "Facts retracted": _shown_names(taken_back)}
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in by_kind.items() if names)


def _shown_names(parts: Sequence[str]) -> list[str]:
    """Returns the names of the parts. Whoever works with the perpetrator reads it too, so contact has one name."""
    return list(dict.fromkeys(OF_CONTACT if name in ContactFactsIn.model_fields else name for name in parts))


def _holds_null(value: object) -> bool:
    return any(map(_holds_null, value.values())) if isinstance(value, dict) else value is None


def _holds_value(value: object) -> bool:
    return any(map(_holds_value, value.values())) if isinstance(value, dict) else value is not None


def of_proposal(row: Proposal) -> TimelineWording:
    what = f"{row.forum} is asked to {row.kind.lower()}: {row.because}"
    return TimelineWording(what, row.sender_agency, _ids(row.id), (row.forum,))


def of_answer(row: ProposalAnswer) -> TimelineWording:
    code = f" ({row.code}{f': {row.claimed_forum}' if row.claimed_forum else ''})" if row.code else ""
    unproved = "; that forum has not accepted, so the claim is not valid" if row.claim_holds is False else ""
    return TimelineWording(f"{row.state}{code}: {row.reason}{unproved}", row.answered_by, _ids(row.proposal_id))


def of_owner(row: Ownership) -> TimelineWording:
    what = f"{row.forum} owns the need ({row.agency}, {row.role})"
    return TimelineWording(what, row.accepted_by, _ids(row.proposal_id), (row.forum,))


def of_override(row: Override) -> TimelineWording:
    return TimelineWording(f"The chair overrode: {row.reason}", row.overridden_by, _ids(row.proposal_id))


def of_transfer(row: Transfer) -> TimelineWording:
    return TimelineWording(f"{row.to_area} is asked to take over the victim's safety", row.requested_by, _ids(row.id))


def of_transfer_answer(row: TransferAnswer) -> TimelineWording:
    return TimelineWording(f"Transfer {row.state.lower()}: {row.reason}", row.answered_by, _ids(row.transfer_id))


def of_ending(row: Ending) -> TimelineWording:
    return TimelineWording(f"Need ended, {row.reason}: {row.note}", row.ended_by, _ids(row.need_id))


def of_action(row: Action) -> TimelineWording:
    due = row.due_on.isoformat() if row.due_on else row.due_at.isoformat() if row.due_at else ""
    what = f"Action for {row.owner_agency or 'no agency yet'} ({row.owner_role}), due {due}: {row.what}"
    return TimelineWording(what, SERVICE if row.duty else "meeting", _ids(row.id), tuple(row.forums))


def of_report(row: Report) -> TimelineWording:
    return TimelineWording(f"Reported {row.outcome}: {row.note}", row.reported_by, _ids(row.action_id))


def of_review(row: Review) -> TimelineWording:
    return TimelineWording(f"Reviewed, {row.verdict}: {row.note}", row.reviewed_by, _ids(row.action_id))


def of_change(row: Change) -> TimelineWording:
    if row.what == ChangeKind.WORDS:
        # The words can say where a child is found: they stay with those who read the action.
        return TimelineWording(f"The action is said anew: {row.reason}", row.changed_by, _ids(row.action_id))
    what = f"The action's {row.what} went from {row.was} to {row.became}: {row.reason}"
    return TimelineWording(what, row.changed_by, _ids(row.action_id))


def of_listing(row: Listing) -> TimelineWording:
    where = "on a meeting's list" if row.meeting_id else "waiting for a meeting in the calendar"
    return TimelineWording(f"{row.forum}: the case is {where}", SERVICE, frozenset(), (row.forum,))


def of_invitation(row: Invitation) -> TimelineWording:
    whose = row.party.lower()
    return TimelineWording(
        f"The {whose}'s practitioner is invited: {row.agency or 'no agency fills the post'}", SERVICE
    )


def of_deferral(row: Deferral) -> TimelineWording:
    return TimelineWording(f"The hearing was moved to another meeting: {row.reason}", row.deferred_by)


def of_emergency(row: EmergencyDecision) -> TimelineWording:
    answer = f"Emergency meeting on {row.held_on.isoformat()}" if row.held_on else "No emergency meeting"
    return TimelineWording(f"{answer}: {row.reason}", row.decided_by, _ids(EMERGENCY_MEETING), ("MARAC",))


def of_return(row: ResearchReturn) -> TimelineWording:
    held = "the agency holds nothing" if row.document.get("nothing_held") else "the agency filed what it holds"
    how = "Research written, for a second person to countersign" if row.needs_countersignature else "Research returned"
    return TimelineWording(f"{how}: {held}", row.returned_by, _ids(row.request_id))


def of_countersignature(row: Countersignature) -> TimelineWording:
    return TimelineWording("Research returned: a second person countersigned it", row.countersigned_by, _ids())


def of_meeting_review(row: MeetingReview) -> TimelineWording:
    what = f"The chair reviewed an action at the meeting, {row.finding}: {row.note}"
    return TimelineWording(what, row.reviewed_by, _ids(row.action_id))


def of_mappa_referral(row: MappaReferral) -> TimelineWording:
    what = f"{row.referring_agency} referred the perpetrator to MAPPA level {row.level}: {row.grounds}"
    return TimelineWording(what, row.referred_by, _ids(row.proposal_id), (f"MAPPA_L{row.level}",))


def of_discharge(row: Discharge) -> TimelineWording:
    return TimelineWording(
        f"{row.forum} discharged the case: {row.plan}", row.discharged_by, _ids(row.case_id), (row.forum,)
    )


def of_event(row: Event) -> TimelineWording:
    """Returns a hearing, which is recorded as an event."""
    forum = json.loads(row.body)["data"]["forum"]
    return TimelineWording(f"{forum} heard the case", SERVICE, _ids(), tuple(row.forums), tuple(row.agencies))


def of_reminder(row: ReminderMessage) -> TimelineWording:
    """Returns what a post was told of the case. A digest holds other cases too, so it is told by its receiver alone."""
    if row.kind == MessageKind.DANGER:
        what = f"Danger call to {row.role}: not dealt with at its hour"
    else:
        what = f"Reminder of this case in the digest of {row.day} to {row.role}"
    return TimelineWording(what, SERVICE, _ids(), (), (row.agency,) if row.agency else ())

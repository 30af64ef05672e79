"""Hearings and discharges as responses."""

from collections.abc import Collection
from datetime import date

from app.meetings.models import Listing
from app.meetings.schemas import AskedOut, DischargeWaitsOut, HearingOut
from app.ownership.models import Proposal
from app.vocabulary import Forum


def hearing_out(listing: Listing, minutes_due_on: date) -> HearingOut:
    """Returns the hearing of a listed case, with the day its minutes are due."""
    return HearingOut(
        case_id=listing.case_id,
        meeting_id=listing.meeting_id,
        heard_on=listing.heard_on,
        minutes_due_on=minutes_due_on,
    )


def discharge_waits_out(case_id: str, forum: Forum, proposals: Collection[Proposal]) -> DischargeWaitsOut:
    """Returns the forums that must answer before the case can be discharged."""
    asked = [
        AskedOut.model_validate(
            {"proposal_id": one.id, "forum": one.forum, "kind": one.kind, "answer_by": one.answer_by}
        )
        for one in proposals
    ]
    return DischargeWaitsOut(case_id=case_id, forum=forum, waits_for=asked)

"""Research requests and returns as responses."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.response_schemas import CoveredBy
from app.foundation.clock import london_date
from app.meetings.lists.contact_bars import barred_contacts
from app.meetings.lists.research_returns import contradictions
from app.meetings.record_models import ResearchRequest, ResearchReturn
from app.meetings.repositories import research_repository
from app.meetings.research_schemas import ResearchOut, ReturnOut, ReturnRequest
from app.meetings.vocabulary import NotToContact, ResearchState, ReturnState


def research_out(session: Session, requests: Collection[ResearchRequest], now: datetime) -> list[ResearchOut]:
    """Returns each request as it stands today. Silence past the due day is NOT_RETURNED, never "nothing held".

    Call it for the system: the deadline and the cover are those of the action, also where that names another case.
    """
    actions = research_repository.actions_that_ask(session, requests)
    returned_at = research_repository.first_returns(session, requests)
    unsigned = research_repository.actions_with_unsigned_returns(session, requests)
    barred = {case_id: barred_contacts(session, case_id) for case_id in {row.case_id for row in requests}}
    return [
        _request_out(
            (row, actions[row.action_id]),
            returned_at.get((row.action_id, row.case_id)),
            barred[row.case_id],
            london_date(now),
        ).model_copy(update={"waits_for_countersignature": (row.action_id, row.case_id) in unsigned})
        for row in requests
    ]


def _request_out(
    asked: tuple[ResearchRequest, Action], returned_at: datetime | None, barred: list[NotToContact], today: date
) -> ResearchOut:
    row, action = asked
    due_on = action.due_on or london_date(action.sort_at)
    without_return = ResearchState.NOT_RETURNED if today > due_on else ResearchState.AWAITED
    return ResearchOut(
        id=row.id,
        meeting_id=row.meeting_id,
        case_id=row.case_id,
        action_id=row.action_id,
        agency=row.agency,
        form=row.form,
        due_on=due_on,
        covered_by=CoveredBy.model_validate(action.cover) if action.cover else None,
        requested_at=row.requested_at,
        state=ResearchState.RETURNED if returned_at else without_return,
        returned_at=returned_at,
        waits_for_countersignature=False,
        do_not_contact=barred,
    )


def return_out(session: Session, row: ResearchReturn) -> ReturnOut:
    """Returns the return as it was sent, whether it counts, and a warning for each contradiction in it."""
    signed = research_repository.countersignature_of(session, row.id)
    waits = row.needs_countersignature and signed is None
    return ReturnOut(
        id=row.id,
        request_id=row.request_id,
        case_id=row.case_id,
        document=row.document,
        state=ReturnState.WAITS_FOR_COUNTERSIGNATURE if waits else ReturnState.FILED,
        countersigned_by=signed.countersigned_by if signed else None,
        returned_by=row.returned_by,
        returned_at=row.returned_at,
        warnings=contradictions(ReturnRequest.model_validate(row.document).supervision),
    )

"""What agencies share about a case, facts and opinions apart. Nothing that an agency keeps back is read here."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from app.meetings.record_models import ResearchReturn
from app.meetings.repositories import research_repository
from app.meetings.research_schemas import (
    ContactBarOut,
    ReturnRequest,
    SharedItemOut,
    SharedResearchOut,
)
from app.meetings.vocabulary import ResearchBasis

Returned = Sequence[tuple[str, ReturnRequest]]


def shared_research_out(session: Session, meeting_id: str, case_ids: Collection[str]) -> dict[str, SharedResearchOut]:
    """Returns what the caller may see of what was returned for the meeting, for each of these cases."""
    found: dict[str, list[tuple[str, ReturnRequest]]] = {case_id: [] for case_id in case_ids}
    for agency, row in research_repository.returns_for_meeting(session, meeting_id):
        if row.case_id in found:
            found[row.case_id].append((agency, _sent(row)))
    return {case_id: _shared(returned) for case_id, returned in found.items()}


def _sent(row: ResearchReturn) -> ReturnRequest:
    return ReturnRequest.model_validate(row.document)


def _shared(returned: Returned) -> SharedResearchOut:
    return SharedResearchOut(
        facts=_items(returned, ResearchBasis.FACT),
        opinions=_items(returned, ResearchBasis.OPINION),
        do_not_contact=[
            ContactBarOut(agency=agency, who=bar.who, reason=bar.reason)
            for agency, sent in returned
            for bar in sent.do_not_contact
        ],
        kept_back_by=sorted({agency for agency, sent in returned if sent.kept_back_reason is not None}),
    )


def _items(returned: Returned, basis: ResearchBasis) -> list[SharedItemOut]:
    return [
        SharedItemOut(agency=agency, about=item.about, text=item.text, last_contact_on=item.last_contact_on)
        for agency, sent in returned
        for item in sent.items
        if item.basis is basis
    ]

"""Asks each area that holds one of two pseudonyms whether the two are one person, in its inbox and by an event.

The area of who proposes it is always asked, so that a proposal costs the same and looks the same to its sender whether
or not anybody else holds one of the two.
"""

from collections.abc import Collection
from datetime import timedelta

from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.outbox.service import EventDraft, record_events
from app.people.linking.repository import ASKED_POST, agencies_asked, coordinators_of, store_asks
from app.people.models import LinkProposal
from app.vocabulary import EventType, SubjectType

# [I] Long enough for two areas to look into their records; a person may propose it again afterwards.
ANSWER_WITHIN = timedelta(days=14)
OPEN_PROPOSALS = "/v1/link-proposals?state=OPEN"


def ask_areas(tx: Transaction, proposal: LinkProposal, areas: Collection[str]) -> None:
    """Asks the co-ordinator of each of these areas. Call it once the proposal is stored."""
    coordinators, may_answer = coordinators_of(tx.session, areas), agencies_asked(tx.session, areas)
    rows = [
        {
            "id": new_id("lak"),
            "area": area,
            "agencies": sorted(may_answer.get(area, ())),
            "proposal_id": proposal.id,
            "role": ASKED_POST,
            "agency": coordinators.get(area),
            "asked_at": tx.now,
            "answer_by": proposal.answer_by,
        }
        for area in sorted(areas)
    ]
    store_asks(tx.session, rows)
    drafts = [_event(proposal, area, coordinators.get(area)) for area in sorted(areas)]
    record_events(tx.session, drafts, tx.now)


def _event(proposal: LinkProposal, area: str, agency: str | None) -> EventDraft:
    """Returns the event for one area. It names that area and no other."""
    return EventDraft(
        type=EventType.LINK_PROPOSED,
        subject_type=SubjectType.LINK_PROPOSAL,
        subject_id=proposal.id,
        area=area,
        agencies=(agency,),
        owner_agency=agency,
        details={"due": proposal.answer_by},
        link=OPEN_PROPOSALS,
        asked_roles=(ASKED_POST,),
    )

"""Where each kind of item comes from: the room that has it, read by that room's own repository."""

from collections.abc import Callable, Mapping

from app.access.calls import Call
from app.actions.asked_repository import ActionChoice, actions_to_do, is_of_duties, reports_to_review
from app.actions.duty_ids import CAME_BACK
from app.enquiries.asked_repository import enquiries_to_answer
from app.flows.asked_repository import releases_to_receive
from app.flows.receiving import kept_from
from app.foundation.clock import london_date
from app.foundation.storage.asked_rows import AskedPart
from app.inbox import items, repository
from app.inbox.items import InboxItem
from app.inbox.vocabulary import InboxKind
from app.meetings.repositories.asked_repository import (
    is_said_by_meetings,
    meetings_to_prepare,
    research_to_return,
    returns_to_countersign,
)
from app.ownership.asked_repository import endings_to_confirm, not_taken, proposals_to_answer, transfers_to_answer
from app.ownership.needs.confirmers import is_kept_from
from app.people.linking.asked_repository import links_to_answer
from app.vocabulary import NeedKind, Role
from app.webhooks.work_item_repository import work_items_to_close

Source = Callable[[Call, AskedPart], list[InboxItem]]


def _proposals(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_proposal(row) for row in proposals_to_answer(part)]


def _transfers(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_transfer(row) for row in transfers_to_answer(part)]


def _endings(call: Call, part: AskedPart) -> list[InboxItem]:
    kept_from = [kind for kind in NeedKind if is_kept_from(call.caller, kind)]
    return [items.of_ending(row) for row in endings_to_confirm(part, call.tx.by, kept_from)]


def _releases(call: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_release(row) for row in releases_to_receive(part, kept_from(call.caller.role))]


def _links(call: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_link(row) for row in links_to_answer(part, call.tx.by)]


def _declines(_: Call, part: AskedPart) -> list[InboxItem]:
    choice = ActionChoice((is_of_duties(CAME_BACK),), came_back=True)
    return [items.of_action(row, InboxKind.DECLINE) for row in actions_to_do(part, choice)]


def _not_taken(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_not_taken(row, (Role.MARAC_CHAIR, part.desk.agency)) for row in not_taken(part)]


def _enquiries(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_enquiry(row) for row in enquiries_to_answer(part)]


def _actions(_: Call, part: AskedPart) -> list[InboxItem]:
    # One thing, once: what another kind says of an action is not said by the action, too.
    choice = ActionChoice((~is_of_duties(CAME_BACK), ~is_said_by_meetings()))
    return [items.of_action(row, InboxKind.ACTION) for row in actions_to_do(part, choice)]


def _reviews(call: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_action(row, InboxKind.REVIEW) for row in reports_to_review(part, call.tx.by)]


def _research(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_research(row) for row in research_to_return(part)]


def _countersignatures(call: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_countersignature(row) for row in returns_to_countersign(part, call.tx.by)]


def _meetings(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_meeting(row, _coordinator(part)) for row in meetings_to_prepare(part)]


def _work_items(_: Call, part: AskedPart) -> list[InboxItem]:
    return [items.of_work_item(row, _coordinator(part)) for row in work_items_to_close(part)]


def _faults(_: Call, part: AskedPart) -> list[InboxItem]:
    desk, window = part.desk, part.window
    if desk.role not in {None, Role.MARAC_COORDINATOR}:
        return []
    areas = desk.stands_in if desk.area is None else desk.stands_in & {desk.area}
    unfilled = repository.posts_nobody_fills(part.session, areas)
    empty = repository.areas_without_a_calendar(part.session, areas, london_date(window.now))
    return [items.of_fault(fault, _coordinator(part), window.now) for fault in (*unfilled, *empty)]


def _coordinator(part: AskedPart) -> tuple[str, str | None]:
    return Role.MARAC_COORDINATOR, part.desk.agency


SOURCES: Mapping[InboxKind, Source] = {
    InboxKind.PROPOSAL: _proposals,
    InboxKind.TRANSFER: _transfers,
    InboxKind.ENDING: _endings,
    InboxKind.RELEASE: _releases,
    InboxKind.LINK: _links,
    InboxKind.DECLINE: _declines,
    InboxKind.NOT_TAKEN: _not_taken,
    InboxKind.ENQUIRY: _enquiries,
    InboxKind.ACTION: _actions,
    InboxKind.REVIEW: _reviews,
    InboxKind.RESEARCH: _research,
    InboxKind.COUNTERSIGNATURE: _countersignatures,
    InboxKind.MEETING: _meetings,
    InboxKind.WORK_ITEM: _work_items,
    InboxKind.SET_UP: _faults,
}
OF_AN_AREA = frozenset(
    {
        InboxKind.TRANSFER,
        InboxKind.NOT_TAKEN,
        InboxKind.REVIEW,
        InboxKind.MEETING,
        InboxKind.WORK_ITEM,
        InboxKind.SET_UP,
    }
)
"""What is asked of an area's co-ordinator and chair alone."""

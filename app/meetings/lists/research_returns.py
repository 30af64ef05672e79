"""Files what an agency returns before a hearing, and warns where the return contradicts itself (D11, D12)."""

from collections.abc import Iterator

from app.actions.outcomes.ending import end_actions, shown_done
from app.actions.repository import action_by_id, action_for_change, hold_cases
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.contact_bars import carry_contact_bars
from app.meetings.lists.moved_dates import count_rest_from_hearing
from app.meetings.record_models import ResearchRequest, ResearchReturn
from app.meetings.repositories.listing_repository import waits_for_hearing
from app.meetings.repositories.research_repository import cases_without_return
from app.meetings.research_schemas import MappaHeld, ReturnRequest, SupervisionReturn
from app.meetings.vocabulary import ResearchForm
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import known_facts
from app.routing.facts.perpetrator import CATEGORY_3
from app.routing.policy.vocabulary import RoshLevel
from app.vocabulary import ActionState


def file_return(tx: Transaction, request: ResearchRequest, sent: ReturnRequest) -> ResearchReturn:
    """Stores the return and carries whom nobody may contact to the open actions. The last case's ends its action.

    What a supervising service holds waits for its countersignature, and counts from then on; only its bars hold at
    once. Raises `Forbidden` for an agency that was neither asked nor covers for the one that was, and `Invalid` for a
    supervision return that is incomplete or that nobody is named for.
    """
    _refuse_other_agency(tx, request)
    _refuse_future_contact(tx, sent)
    hold_cases(tx.session, [request.case_id])
    needs_countersignature = request.form == ResearchForm.SUPERVISION and not sent.nothing_held
    if request.form == ResearchForm.SUPERVISION:
        _refuse_incomplete_supervision(tx, request, sent)
    made = ResearchReturn(
        id=new_id("rtn"),
        request_id=request.id,
        case_id=request.case_id,
        area=request.area,
        # Who covers for the agency is not among those asked, and its people countersign what it wrote.
        agencies=sorted({*request.agencies, tx.caller.agency}),
        document=sent.model_dump(mode="json", exclude_unset=True),
        needs_countersignature=needs_countersignature,
        returned_by=tx.by,
        returned_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    if not needs_countersignature:
        end_request(tx, request)
    carry_contact_bars(tx, request.case_id)
    return made


def _refuse_other_agency(tx: Transaction, request: ResearchRequest) -> None:
    action = action_by_id(tx.session, request.action_id)
    cover = action.cover if action is not None else None
    if tx.caller.agency not in {request.agency, cover.cover_agency if cover else request.agency}:
        raise Forbidden("only the agency that was asked, or who covers for it, can file this return")


def _refuse_future_contact(tx: Transaction, sent: ReturnRequest) -> None:
    today = london_date(tx.now)
    faults = [
        RequestFault(f"/items/{place}/last_contact_on", "in_the_future", "give the day of the last contact")
        for place, item in enumerate(sent.items)
        if item.last_contact_on is not None and item.last_contact_on > today
    ]
    if faults:
        raise Invalid("a last contact lies in the future; see `errors`", faults=faults)


def _refuse_incomplete_supervision(tx: Transaction, request: ResearchRequest, sent: ReturnRequest) -> None:
    if sent.nothing_held:
        _refuse_if_supervised(tx, request)
        return
    if sent.supervision is None:
        fault = RequestFault("/supervision", "missing", "history, orders, risk by group, MAPPA, licences, address")
        raise Invalid("a supervising service fills every part of `supervision`", faults=[fault])
    tx.caller.named_person("a second person of your agency countersigns what a supervising service returns")


def _refuse_if_supervised(tx: Transaction, request: ResearchRequest) -> None:
    stored = latest_decision_of(tx.session, request.case_id)
    if stored is not None and known_facts(stored).get("supervised") is True:
        raise Conflict(
            "our records say that the perpetrator is supervised; return what is held, or correct the record first",
            code="supervised-on-record",
        )


def end_request(tx: Transaction, request: ResearchRequest) -> None:
    """Ends the action that asks, or counts its days from the next hearing where a case of it still waits."""
    action = action_for_change(tx.session, request.action_id)
    # A second return adds to the first one, which ended the request.
    if action is None or action.state not in {ActionState.OPEN, ActionState.RETURNED}:
        return
    # A case that was heard, or is on no list any more, waits for no return.
    if waits_for_hearing(tx.session, cases_without_return(tx.session, action.id)):
        count_rest_from_hearing(tx, action)
    else:
        end_actions(tx, [action], shown_done("The research return was filed with the co-ordinator"))


def contradictions(sent: SupervisionReturn | None) -> list[str]:
    """Returns the parts of a return that cannot all be right, one sentence each.

    Source: DHR "Jean" 14.3.2 (low risk to a known adult, two orders in force).
    """
    if sent is None:
        return []
    found = []
    if sent.orders and sent.rosh.known_adult == RoshLevel.LOW:
        found.append("the risk to a known adult is LOW while an order protects somebody")
    if sent.mappa.level == "UNKNOWN":
        found.append('the MAPPA level is not known: that is not "not managed", and somebody must find out')
    found += _contradictions_of(sent.mappa)
    return found


def _contradictions_of(held: MappaHeld) -> Iterator[str]:
    if held.level == "NOT_MANAGED" and held.category is not None:
        yield "MAPPA does not manage the perpetrator, and the return names a category: one of the two is wrong"
    if held.level == 1 and held.category == CATEGORY_3:
        yield "category 3 is for level 2 or 3, and the return says level 1: one of the two is wrong"

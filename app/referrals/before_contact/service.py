"""Gathers what to know before contact with the victim, at the moment of reading, for those who may read it."""

from collections.abc import Collection, Mapping, Sequence

from app.access.calls import Call
from app.access.directory import nation_of_area
from app.access.vocabulary import COORDINATORS
from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.referrals.before_contact.notes import ContactNote, notes_of
from app.referrals.before_contact.perpetrators_side import works_for_any_perpetrator
from app.referrals.before_contact.readers import reads_for_action, reads_for_case
from app.referrals.before_contact.response_schemas import ContactNoteOut
from app.referrals.models import Case, NotForDisclosure, Referral
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.repositories.report_repository import latest_referral_of, sealed_texts
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.gathering import WAYS_OF_CONTACT, known_facts, standing_references
from app.referrals.withheld.presenters import withheld_out
from app.referrals.withheld.response_schemas import WithheldOut

SealedByPart = Mapping[str, Sequence[NotForDisclosure]]


def notes_before_contact(call: Call, case_id: str, owners: Collection[str | None]) -> list[ContactNoteOut] | None:
    """Returns the notes for an action with these owners, sealed texts opened for a named reader; None: not to read.

    The reading of a sealed text is on the audit trail before it is opened.
    """
    with call.as_system() as session:
        case = case_by_id(session, case_id)
        if case is None or not reads_for_action(session, call.caller, case, owners):
            return None
        return _notes(call, case, opened=call.caller.person is not None)


def notes_on_case(call: Call, case: Case) -> list[ContactNoteOut] | None:
    """Returns the notes of the case, with sealed texts counted and not opened; None: the caller may not read them."""
    with call.as_system() as session:
        return _notes(call, case, opened=False) if reads_for_case(session, call.caller, case) else None


def _notes(call: Call, case: Case, *, opened: bool) -> list[ContactNoteOut] | None:
    session = call.session
    referral = latest_referral_of(session, case.id)
    assert referral is not None  # noqa: S101 - a case is opened by a referral
    known = known_facts(session, referral)
    facts, ways_differ = known.facts, WAYS_OF_CONTACT in known.without_answer
    if works_for_any_perpetrator(call, case, facts.perpetrator):
        return None
    sealed = _sealed_by_part(call, referral)
    notes = notes_of(_facts_for(call.caller, facts), nation_of_area(session, case.area), ways_differ=ways_differ)
    return [_note_out(call, note, sealed, opened=opened) for note in notes]


def _facts_for(caller: Caller, facts: ReferralRequest) -> ReferralRequest:
    """Returns the facts that the reader may know: the perpetrator's own needs are for MARAC, which invites."""
    if caller.role in COORDINATORS:
        return facts
    perpetrator = facts.perpetrator.model_copy(update={"support_needs": None})
    return facts.model_copy(update={"perpetrator": perpetrator})


def _sealed_by_part(call: Call, referral: Referral) -> SealedByPart:
    found: dict[str, list[NotForDisclosure]] = {}
    for row in sealed_texts(call.session, standing_references(call.session, referral)):
        found.setdefault(row.part, []).append(row)
    return found


def _note_out(call: Call, note: ContactNote, sealed: SealedByPart, *, opened: bool) -> ContactNoteOut:
    rows = [row for part in note.parts for row in sealed.get(part, ())]
    if not opened:
        return ContactNoteOut(kind=note.kind, says=note.says, sealed=len(rows))
    return ContactNoteOut(kind=note.kind, says=note.says, texts=[_opened(call, row) for row in rows])


def _opened(call: Call, row: NotForDisclosure) -> WithheldOut:
    record_act(call.tx, Category.CONSULTATION, "not-for-disclosure", row.referral_id)
    return withheld_out(call.session, row)

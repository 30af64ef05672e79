"""Leaves out of a referral what its reader may pass on to the perpetrator: what only the victim's side may know.

Source: design note on forms, (b) 2. A key says which agency calls, and not whom it works with: an agency that
supervises the perpetrator may refer too, and then finds what others have added since.
"""

from collections.abc import Collection, Sequence
from typing import Any

from app.access.calls import Call
from app.foundation.clock import london_date
from app.referrals.before_contact.readers import is_hub_or_marac, works_with_perpetrator
from app.referrals.models import Case, NotForDisclosure
from app.referrals.repositories.case_repository import case_by_id, cases_by_ids, other_cases_of_victim
from app.referrals.repositories.report_repository import latest_referral_of, referral_by_id
from app.referrals.response_schemas import ReferralOut
from app.referrals.schemas.contact import ContactFactsIn
from app.referrals.schemas.perpetrator import PerpetratorIn
from app.referrals.statements.gathering import known_facts

# Whoever works with the perpetrator needs both pseudonyms, and the victim's age for limits of law.
_OF_THE_VICTIM = frozenset({"ref", "age"})
# A child's setting says where the victim may be found.
_PLACES_A_CHILD = frozenset({"setting", "setting_kind", "parent_to_tell", "encompass_told_at"})
_OF_THE_VICTIMS_SIDE = frozenset(
    {*ContactFactsIn.model_fields, "help_sought_by", "consent", "consent_override_reason", "assessment", "disclosure"}
)


def reads_for_perpetrator(call: Call, referral_id: str) -> bool:
    """Returns whether the caller works with the perpetrator of the referral, which it was found to see."""
    with call.as_system():
        return works_for_perpetrator(call, referral_id)


def works_for_perpetrator(call: Call, referral_id: str) -> bool:
    """Returns the same. Call it while the session sees across agencies."""
    session = call.session
    referral = referral_by_id(session, referral_id)
    assert referral is not None  # noqa: S101 - found by the caller, or a foreign key
    case = case_by_id(session, referral.case_id)
    assert case is not None  # noqa: S101 - a foreign key
    return works_for_any_perpetrator(call, case, known_facts(session, referral).facts.perpetrator)


def works_for_any_perpetrator(call: Call, case: Case, person: PerpetratorIn) -> bool:
    """Returns whether the caller works with this person of the case, or with whoever else harms the same victim.

    Contact with the victim is known in all their cases, and so is kept from those who harm them in any.
    """
    session, today = call.session, london_date(call.now)
    if works_with_perpetrator(session, call.caller, case, person, today):
        return True
    others = [(other, latest_referral_of(session, other.id)) for other in other_cases_of_victim(session, case)]
    return any(
        works_with_perpetrator(session, call.caller, other, known_facts(session, row).facts.perpetrator, today)
        for other, row in others
        if row is not None
    )


def cases_of_perpetrators_side(call: Call, case_ids: Collection[str]) -> frozenset[str]:
    """Returns those of these cases with whose perpetrator the caller works."""
    with call.as_system() as session:
        cases = cases_by_ids(session, case_ids)
        return frozenset(case.id for case in cases if _works_in_case(call, case))


def _works_in_case(call: Call, case: Case) -> bool:
    session = call.session
    referral = latest_referral_of(session, case.id)
    # The hub and MARAC read long lists of cases: nothing is gathered for them.
    if referral is None or is_hub_or_marac(session, call.caller, case):
        return False
    person = known_facts(session, referral).facts.perpetrator
    return works_with_perpetrator(session, call.caller, case, person, london_date(call.now))


def without_victims_side(shown: ReferralOut) -> ReferralOut:
    """Returns the referral without what only the victim's side may know, whoever stated it."""
    kept = {"document": _kept(shown.document), "learned": [_kept(one) for one in shown.learned]}
    return shown.model_copy(update=kept)


def own_texts(rows: Sequence[NotForDisclosure], agency: str) -> list[NotForDisclosure]:
    """Returns the sealed texts that the agency wrote itself."""
    return [row for row in rows if row.recorded_by.partition("/")[0] == agency]


def _kept(document: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in document.items() if name not in _OF_THE_VICTIMS_SIDE}
    if "victim" in kept:
        kept["victim"] = {name: value for name, value in kept["victim"].items() if name in _OF_THE_VICTIM}
    if kept.get("children"):
        kept["children"] = [_unplaced(child) for child in kept["children"]]
    return kept


def _unplaced(child: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in child.items() if name not in _PLACES_A_CHILD}

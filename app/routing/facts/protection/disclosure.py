"""Facts about a request under the Domestic Violence Disclosure Scheme: which of its steps are still to be made."""

from datetime import date

from app.routing.facts.snapshot.disclosure import Disclosure
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import DisclosureOutcome, DisclosureRoute

NOTHING = Disclosure()
FACTS = ("dvds_open", "dvds_disclosed", "dvds_out_of_scope", "dvds_unchecked", "dvds_not_met", "dvds_untold")


def is_open(request: Disclosure) -> bool:
    """Returns whether a request waits for its decision, or for what was decided.

    A decision from before the newest start is of an earlier request: new facts begin the right to know anew.
    """
    return request != NOTHING and _stands(request) is None


def is_disclosed(request: Disclosure) -> bool:
    """Returns whether it was decided to disclose, and no newer request has begun since."""
    return _stands(request) is DisclosureOutcome.DISCLOSED


def disclosure_facts(request: Disclosure | None, *, is_disputed: bool = False) -> dict[str, Fact]:
    """Returns the facts about a disclosure request; each is None where nobody has looked for one.

    While authors differ on the outcome nothing counts as disclosed, and what one of them says was decided is told.
    """
    if request is None:
        return dict.fromkeys(FACTS)
    begun, disclosed = is_open(request), is_disclosed(request)
    undecided = begun and _awaits(request, request.decided_on)
    # MARAC discloses on what it knows, and only somebody who asked is met.
    is_checked = request.route is not DisclosureRoute.MARAC_DIRECT
    is_met = request.route in {None, DisclosureRoute.RIGHT_TO_ASK}
    return {
        "dvds_open": begun,
        "dvds_disclosed": disclosed and not is_disputed,
        "dvds_out_of_scope": _stands(request) is DisclosureOutcome.OUT_OF_SCOPE and not is_disputed,
        "dvds_unchecked": undecided and is_checked and _awaits(request, request.checked_on),
        "dvds_not_met": undecided and is_met and _awaits(request, request.met_on),
        "dvds_untold": disclosed and _awaits(request, request.told_on),
    }


def _stands(request: Disclosure) -> DisclosureOutcome | None:
    """Returns the outcome of the newest request; None where nobody has said what was decided.

    A day of the decision alone does not say it. Whoever was told was told of a disclosure.
    """
    if request.outcome is None:
        return None if _awaits(request, request.told_on) else DisclosureOutcome.DISCLOSED
    return None if _is_before(request.decided_on, request.applied_on) else request.outcome


def _awaits(request: Disclosure, made_on: date | None) -> bool:
    """Returns whether a step of the newest request is to be made: one made before its start was of an earlier one."""
    return made_on is None or _is_before(made_on, request.applied_on)


def _is_before(day: date | None, start: date | None) -> bool:
    return day is not None and start is not None and day < start


def application_day(request: Disclosure | None, today: date) -> date | None:
    """Returns the day of the application; today where a request is told without its day."""
    if request is None or request == NOTHING:
        return None
    return request.applied_on or today

"""Says who may read what to know before contact: the victim's side, and nobody who works for the perpetrator's.

Today's roles cannot tell the sides of every agency apart, so each agency that works with the perpetrator is left out by
name. MARAC's own posts read it, because they plan the victim's safety.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.access.vocabulary import COORDINATORS, CallerRole
from app.foundation.caller import Caller
from app.referrals.before_contact.known_services import agencies_with_perpetrator
from app.referrals.models import Case
from app.referrals.supervision import Held
from app.vocabulary import Role


def reads_for_case(session: Session, caller: Caller, case: Case) -> bool:
    """Returns whether the caller reads the notes of the whole case: the hub or the referrer, MARAC, and the IDVA."""
    hub_or_marac = caller.role in {*COORDINATORS, CallerRole.HUB_REFERRER}
    return hub_or_marac or _of_the_victims_side(caller, {agency_in_post(session, case.area, Role.IDVA)})


def reads_for_action(session: Session, caller: Caller, case: Case, owners: Collection[str | None]) -> bool:
    """Returns whether the caller reads the notes for one action: who reads the case's, and the owner of the action."""
    return reads_for_case(session, caller, case) or _of_the_victims_side(caller, owners)


def works_with_perpetrator(session: Session, caller: Caller, case: Case, person: Held, today: date) -> bool:
    """Returns whether the caller's agency works or has worked with the perpetrator, or its role is of that side.

    The hub is of the victim's side, whatever else it does.
    """
    if is_hub_or_marac(session, caller, case):
        return False
    if caller.role == CallerRole.PERPETRATOR_SIDE:
        return True
    return caller.agency in agencies_with_perpetrator(session, case, person, today)


def is_hub_or_marac(session: Session, caller: Caller, case: Case) -> bool:
    """Returns whether the caller is the area's hub or of MARAC: of the victim's side, whoever says otherwise."""
    if caller.role in COORDINATORS:
        return True
    # Whoever names the hub as a service must not keep from it what it protects the victim by.
    hub = agency_in_post(session, case.area, Role.PVP_HUB)
    return caller.role == CallerRole.HUB_REFERRER and caller.agency == hub


def _of_the_victims_side(caller: Caller, agencies: Collection[str | None]) -> bool:
    return caller.role == CallerRole.PARTNER_AGENCY and caller.agency in agencies

"""Says who may read what to know before contact: the victim's side, and nobody who works for the perpetrator's.

Today's roles cannot tell the sides of every agency apart, so the agency that supervises the perpetrator is left out by
name. MARAC's own posts read it, because they plan the victim's safety.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.access.vocabulary import COORDINATORS, CallerRole
from app.foundation.caller import Caller
from app.referrals.models import Case
from app.referrals.schemas.perpetrator import PerpetratorIn
from app.vocabulary import Role


def reads_for_case(session: Session, caller: Caller, case: Case) -> bool:
    """Returns whether the caller reads the notes of the whole case: the hub or the referrer, MARAC, and the IDVA."""
    hub_or_marac = caller.role in {*COORDINATORS, CallerRole.HUB_REFERRER}
    return hub_or_marac or _of_the_victims_side(caller, {agency_in_post(session, case.area, Role.IDVA)})


def reads_for_action(session: Session, caller: Caller, case: Case, owners: Collection[str | None]) -> bool:
    """Returns whether the caller reads the notes for one action: who reads the case's, and the owner of the action."""
    return reads_for_case(session, caller, case) or _of_the_victims_side(caller, owners)


def works_with_perpetrator(session: Session, caller: Caller, case: Case, person: PerpetratorIn, today: date) -> bool:
    """Returns whether the caller's agency supervises the perpetrator, or its role is of the perpetrator's side.

    The hub is of the victim's side, whatever else it does.
    """
    if caller.role in COORDINATORS or _is_hub(session, caller, case):
        return False
    running = (one for one in person.licences or () if one.ends_on is None or today <= one.ends_on)
    services = {agency_in_post(session, case.area, Role.SUPERVISING_PRACTITIONER), *(one.service for one in running)}
    return caller.role == CallerRole.PERPETRATOR_SIDE or caller.agency in services


def _is_hub(session: Session, caller: Caller, case: Case) -> bool:
    # Whoever names the hub as a service must not keep from it what it protects the victim by.
    hub = agency_in_post(session, case.area, Role.PVP_HUB)
    return caller.role == CallerRole.HUB_REFERRER and caller.agency == hub


def _of_the_victims_side(caller: Caller, agencies: Collection[str | None]) -> bool:
    return caller.role == CallerRole.PARTNER_AGENCY and caller.agency in agencies

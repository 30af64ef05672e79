"""The directory: which nation an area is in, its working days, and whether an agency or an account is in it."""

from sqlalchemy.orm import Session

from app.access.models import Account, Area
from app.access.repository import (
    active_account,
    agencies_in_posts,
    agency_exists,
    agency_in_post,
    area_by_code,
    fills_post_anywhere,
)
from app.access.vocabulary import COORDINATORS, CallerRole, role_of_post
from app.foundation.caller import Caller, normal_form
from app.foundation.errors import Invalid, RequestFault, listed
from app.foundation.working_days import WorkingDays, working_days_of
from app.vocabulary import HELD_BY_MANY, Nation, Role


class UnknownAreaError(LookupError):
    """A stored row names an area that the directory does not hold. The message names the area's code."""


def area_of(session: Session, code: str) -> Area:
    """Returns the area of that code. Raises `UnknownAreaError`: to guess a nation would move every deadline."""
    area = area_by_code(session, code)
    if area is None:
        raise UnknownAreaError(f"the directory holds no area {code}")
    return area


def nation_of_area(session: Session, code: str) -> Nation:
    """Returns the nation whose bank holidays count there."""
    return area_of(session, code).nation


def calendar_of_area(session: Session, code: str) -> WorkingDays:
    """Returns the working days of the nation the area is in."""
    return working_days_of(nation_of_area(session, code))


def refuse_unknown_agency(session: Session, area: str, agency: str, pointer: str) -> None:
    """Raises `Invalid` when the directory holds no such agency. `pointer` is where the request names it.

    The refusal lists the agencies that fill a post of the area, and not those that work for people elsewhere.
    """
    if not agency_exists(session, agency):
        name = pointer.rpartition("/")[2]
        agencies = listed(agencies_in_posts(session, area))
        fault = RequestFault(pointer, "unknown", f"not an agency of this service; in posts of {area} are {agencies}")
        raise Invalid(f"`{name}` names somebody who is not an agency of this service", faults=[fault])


def account_of(session: Session, agency: str, name: str, pointer: str) -> Account:
    """Returns the active account of that name, in whatever spelling. `pointer` is where the request names it.

    Raises `Invalid`, alike for a name that is unknown and for a suspended account.
    """
    account = active_account(session, agency, normal_form(name))
    if account is None:
        field = pointer.rpartition("/")[2]
        fault = RequestFault(pointer, "unknown", "not an active account of that agency")
        raise Invalid(f"`{field}` names nobody who has an active account of that agency", faults=[fault])
    return account


def account_who_acts(session: Session, caller: Caller) -> Account | None:
    """Returns the account of the named person who acts; None when nobody is named."""
    return active_account(session, caller.agency, caller.on_behalf_of or "")


def areas_of_person(session: Session, caller: Caller) -> frozenset[str]:
    """Returns the areas of the account that acts; none when nobody is named."""
    account = account_who_acts(session, caller)
    return frozenset(account.areas) if account else frozenset()


def refuse_area_post_not_held(session: Session, area: str, agency: str, role: Role, pointer: str) -> None:
    """Raises `Invalid` for a post that sees a whole area, unless the agency fills it in that area."""
    if role_of_post(role) in COORDINATORS and agency_in_post(session, area, role) != agency:
        fault = RequestFault(pointer, "post_not_held", f"the agency does not fill {role} in {area}")
        sentence = f"{agency} does not fill the post {role} of {area}; whoever runs this service fills a post"
        raise Invalid(sentence, faults=[fault])


def place_of_person(session: Session, account: Account) -> tuple[CallerRole, frozenset[str]]:
    """Returns what the person may call on the pages, and in which areas: those where their agency fills the post.

    A post that sees a whole area is one only while the agency fills it there; otherwise the person is one of a partner
    agency.
    """
    role = role_of_post(account.post)
    if role not in COORDINATORS:
        return role, frozenset(account.areas)
    held = [area for area in account.areas if agency_in_post(session, area, account.post) == account.agency]
    return (role, frozenset(held)) if held else (CallerRole.PARTNER_AGENCY, frozenset(account.areas))


def refuse_post_of_another(session: Session, area: str, agency: str, role: Role, pointer: str) -> None:
    """Raises `Invalid` when another agency fills this post of the area. `pointer` is where the request names the post.

    A post that nobody fills, that several agencies hold at once, or that the agency fills in another area is accepted.
    """
    filled_by = agency_in_post(session, area, role)
    if role in HELD_BY_MANY or filled_by in {None, agency} or fills_post_anywhere(session, agency, role):
        return
    fault = RequestFault(pointer, "post_of_another_agency", f"{filled_by} fills {role} in {area}")
    raise Invalid(f"{agency} does not fill the post {role} of {area}: {filled_by} does", faults=[fault])

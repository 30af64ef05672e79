"""Gathers which agencies work with the perpetrator of a case, or have: those to which duties and requests go.

Source: design note on forms, (b) 2. Whoever knows the perpetrator's side keeps to it after the licence has ended, so
every statement counts by itself, also one that a later one replaced. What its author took back by null does not.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.referrals.models import Case
from app.referrals.repositories.report_repository import referrals_of_case
from app.referrals.schemas.perpetrator import PerpetratorIn
from app.referrals.statements.gathering import other_cases_of_perpetrator
from app.referrals.statements.reading import read
from app.referrals.statements.statement import AgencyStatement, Path, parts_of, without_paths
from app.referrals.statements.stored import stated_elsewhere, statements_of
from app.referrals.supervision import Held, services_ever

_SAYS_WHO = ("licences", "mappa", "in_custody")


def agencies_with_perpetrator(session: Session, case: Case, person: Held, today: date) -> frozenset[str]:
    """Returns every agency that what was stated so far, here or in the perpetrator's other cases, makes one of theirs.

    `person` is what stands of all statements together. Call it while the session sees across agencies.
    """
    here = referrals_of_case(session, case, None)
    elsewhere = other_cases_of_perpetrator(session, case, None)
    areas = {one.id: one.area for one in (*here, *elsewhere)}
    stated = [*statements_of(session, here, None), *stated_elsewhere(session, elsewhere, None)]
    found = services_ever(session, case.area, person, today)
    for referral, once in _people_stated(stated):
        found |= services_ever(session, areas[referral], once, today)
        if any(referral == one.id for one in here):
            # A case that moved to another area is decided there.
            found |= services_ever(session, case.area, once, today)
    return found


def _people_stated(statements: Sequence[AgencyStatement]) -> Iterator[tuple[str, PerpetratorIn]]:
    """Yields the perpetrator as each statement has them, with the referral that it is part of."""
    for place, one in enumerate(statements):
        nulls = [path for later in statements[place + 1 :] for path in _taken_back(later, one.agency)]
        dropped = [path for path, _ in parts_of(one.document) if any(path[: len(null)] == null for null in nulls)]
        section = without_paths(one.document, dropped).get("perpetrator") or {}
        stated = {name: value for name in _SAYS_WHO if (value := section.get(name)) is not None}
        yield one.referral, read(PerpetratorIn, stated)


def _taken_back(later: AgencyStatement, agency: str) -> Iterator[Path]:
    if later.agency == agency and later.may_retract:
        yield from (path for path, value in parts_of(later.document) if value is None)

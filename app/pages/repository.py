"""The queries of the pages: visits, the latest decisions of cases, and names of codes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FunctionElement, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.models import Account, Agency, PageVisit
from app.accounts.linking import hash_of_code
from app.foundation.identifiers import new_id
from app.referrals.models import Decision


@dataclass(frozen=True, slots=True)
class AccountFound:
    """An account by its ids alone: it is read in the scope of its agency."""

    agency: str
    account_id: str


def begin_visit(session: Session, account: Account, now: datetime) -> str | None:
    """Records a visit of the account from now, and returns its id.

    Returns None when the account was suspended, or linked to another subject, since it was found.
    """
    # The lock makes a suspension wait, which then ends this visit too; one that came first is waited for and seen.
    as_found = (Account.id == account.id, Account.subject.is_not_distinct_from(account.subject))
    holds = select(Account.id).where(*as_found, Account.suspended_at.is_(None)).with_for_update(read=True)
    if session.scalar(holds) is None:
        return None
    visit = PageVisit(id=new_id("vis"), account_id=account.id, subject=account.subject, signed_in_at=now)
    session.add(visit)
    session.flush()
    return visit.id


def end_visit(session: Session, visit_id: str, now: datetime) -> None:
    """Ends the visit for every browser that carries it."""
    session.execute(
        update(PageVisit).where(PageVisit.id == visit_id, PageVisit.signed_out_at.is_(None)).values(signed_out_at=now)
    )


def account_of_visit(session: Session, visit_id: str) -> AccountFound | None:
    """Returns whose visit it is; None once it was signed out, suspended or linked to another subject."""
    return _found(session, func.account_of_visit(visit_id))


def account_of_subject(session: Session, subject: str) -> AccountFound | None:
    """Returns who signs in as this subject of the provider, suspended or not."""
    return _found(session, func.account_of_subject(subject))


def account_of_linking_code(session: Session, code: str, now: datetime) -> AccountFound | None:
    """Returns whose account a linking code links; None once it was used, replaced or has expired."""
    return _found(session, func.account_of_linking_code(hash_of_code(code), now))


def _found(session: Session, called: FunctionElement[Any]) -> AccountFound | None:
    found = session.execute(select(called.table_valued("agency", "account_id"))).one_or_none()
    return AccountFound(*found) if found else None


def active_accounts(session: Session, limit: int) -> Sequence[Account]:
    """Returns the people of the agency in scope who may act, in the order of their names."""
    return session.scalars(
        select(Account).where(Account.suspended_at.is_(None)).order_by(Account.name).limit(limit)
    ).all()


def latest_decisions(session: Session, case_ids: Collection[str]) -> dict[str, str]:
    """Returns the id of the latest decision on each of these cases that the viewer may see."""
    rows = session.execute(
        select(Decision.case_id, Decision.id)
        .where(Decision.case_id.in_(case_ids))
        .ext(distinct_on(Decision.case_id))
        .order_by(Decision.case_id, Decision.number.desc())
    )
    return dict(rows.all())


def agency_names(session: Session) -> dict[str, str]:
    """Returns every agency's name by its code, in the order of the names."""
    rows = session.execute(select(Agency.code, Agency.name).order_by(Agency.name))
    return dict(rows.all())

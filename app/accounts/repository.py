"""The queries of the accounts room."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.models import Account, PageVisit
from app.accounts.models import AccountChange, LinkingCode
from app.accounts.vocabulary import AccountChangeKind


def account_by_id(session: Session, account_id: str) -> Account | None:
    return session.scalar(select(Account).where(Account.id == account_id))


def account_by_name(session: Session, agency: str, name: str) -> Account | None:
    """Returns the account of that name in its normal form, suspended or not."""
    return session.scalar(select(Account).where(Account.agency == agency, Account.name == name))


def account_for_change(session: Session, account_id: str) -> Account | None:
    """Locks the account until this transaction ends, and returns it as it stands now."""
    query = select(Account).where(Account.id == account_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def end_visits(session: Session, account_id: str, now: datetime) -> None:
    """Ends every visit of the account to the pages: a cookie from before opens nothing again."""
    going_on = (PageVisit.account_id == account_id, PageVisit.signed_out_at.is_(None))
    session.execute(update(PageVisit).where(*going_on).values(signed_out_at=now))


def end_linking_codes(session: Session, account_id: str, now: datetime) -> None:
    """Ends every code that would still link the account."""
    waiting = (LinkingCode.account_id == account_id, LinkingCode.ended_at.is_(None))
    session.execute(update(LinkingCode).where(*waiting).values(ended_at=now))


def linking_code_for_use(session: Session, account_id: str, code_hash: str, now: datetime) -> LinkingCode | None:
    """Locks the account's code and returns it; None when it holds no longer. Lock the account first."""
    of_this = (LinkingCode.account_id == account_id, LinkingCode.code_hash == code_hash)
    holds = (LinkingCode.ended_at.is_(None), LinkingCode.expires_at > now)
    query = select(LinkingCode).where(*of_this, *holds).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def suspended_by(session: Session, account_id: str) -> str | None:
    """Returns who last suspended the account."""
    of_this = (AccountChange.account_id == account_id, AccountChange.kind == AccountChangeKind.SUSPENDED)
    query = select(AccountChange.changed_by).where(*of_this).order_by(AccountChange.number.desc()).limit(1)
    return session.scalar(query)


def list_accounts(session: Session, agency: str, after: str, limit: int) -> Sequence[Account]:
    """Returns accounts of the agency in the order of their ids, those after `after` first."""
    query = select(Account).where(Account.agency == agency, Account.id > after).order_by(Account.id).limit(limit)
    return session.scalars(query).all()


def changes_of(session: Session, account_ids: Collection[str]) -> Sequence[AccountChange]:
    """Returns what happened to these accounts, the oldest first."""
    query = select(AccountChange).where(AccountChange.account_id.in_(account_ids)).order_by(AccountChange.number)
    return session.scalars(query).all()

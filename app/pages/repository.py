"""The queries of the pages: visits, the latest decisions of cases, and names of codes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.models import Account, Agency, PageVisit
from app.foundation.identifiers import new_id
from app.referrals.models import Decision


def begin_visit(session: Session, account: Account, now: datetime) -> str:
    """Records a visit of the account from now. Returns its id."""
    visit = PageVisit(id=new_id("vis"), account_id=account.id, subject=account.subject, signed_in_at=now)
    session.add(visit)
    session.flush()
    return visit.id


def end_visit(session: Session, visit_id: str, now: datetime) -> None:
    """Ends the visit for every browser that carries it."""
    session.execute(
        update(PageVisit).where(PageVisit.id == visit_id, PageVisit.signed_out_at.is_(None)).values(signed_out_at=now)
    )


def visiting_account(session: Session, visit_id: str) -> Account | None:
    """Returns the account of the visit; None once it was signed out, suspended or linked to another subject."""
    return session.scalar(
        select(Account)
        .join(PageVisit, PageVisit.account_id == Account.id)
        .where(
            PageVisit.id == visit_id,
            PageVisit.signed_out_at.is_(None),
            PageVisit.subject.is_not_distinct_from(Account.subject),
            Account.suspended_at.is_(None),
        )
    )


def account_of_subject(session: Session, subject: str) -> Account | None:
    """Returns the account that signs in as this subject of the provider, suspended or not."""
    return session.scalar(select(Account).where(Account.subject == subject))


def active_accounts(session: Session, limit: int) -> Sequence[Account]:
    """Returns the people who may act, in the order of agencies and names."""
    return session.scalars(
        select(Account).where(Account.suspended_at.is_(None)).order_by(Account.agency, Account.name).limit(limit)
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

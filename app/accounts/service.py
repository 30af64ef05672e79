"""An agency's administrator adds, moves, suspends and resumes the accounts of its people.

Each change is on record with its reason, and on the audit trail: a person who was invented to be a second person shows.
"""

from app.access.directory import refuse_area_post_not_held, refuse_post_of_another
from app.access.models import Account
from app.access.service import area_or_refuse, refuse_unless_administers, refuse_unless_may_resume
from app.accounts import repository
from app.accounts.models import AccountChange
from app.accounts.schemas import AccountMoveRequest, AccountRequest, Place
from app.accounts.vocabulary import AccountChangeKind
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.foundation.storage.transaction import Transaction


def add_account(tx: Transaction, agency: str, sent: AccountRequest) -> Account:
    """Adds the account to the agency's directory. It may act from the next request on.

    Raises `Conflict` (account-exists) when the name is or was somebody's, and `Invalid` for a place of others.
    """
    refuse_unless_administers(tx.caller, [])
    _refuse_place_of_others(tx, agency, sent)
    # Of two requests for one name at once the second is refused with a sentence and not by the database.
    take_turn(tx.session, "account", agency)
    if repository.account_by_name(tx.session, agency, sent.name) is not None:
        raise Conflict("this name is or was an account of your agency; choose another", code="account-exists")
    account = Account(
        id=new_id("acc"),
        agency=agency,
        added_at=tx.now,
        subject=None,
        suspended_at=None,
        **sent.model_dump(exclude={"reason"}),
    )
    tx.session.add(account)
    # The change refers to the account, and the two are no relationship that would order them.
    tx.session.flush()
    record_change(tx, account, AccountChangeKind.ADDED, sent.reason)
    return account


def move_account(tx: Transaction, account_id: str, sent: AccountMoveRequest) -> Account:
    """Gives the person another team, post or areas of the same agency. They stay the same person.

    Raises `Conflict` for a suspended account and `Invalid` for a place of others.
    """
    account = account_to_change(tx, account_id)
    _refuse_place_of_others(tx, account.agency, sent)
    if account.suspended_at is not None:
        raise Conflict("this account is suspended; resume it first")
    account.team, account.post, account.areas = sent.team, sent.post, sent.areas
    record_change(tx, account, AccountChangeKind.MOVED, sent.reason)
    return account


def suspend_account(tx: Transaction, account_id: str, reason: str) -> Account:
    """Ends what the person may do, and every visit of theirs, from the first request after the commit."""
    account = account_to_change(tx, account_id)
    if account.suspended_at is not None:
        raise Conflict("this account is suspended already")
    account.suspended_at = tx.now
    repository.end_visits(tx.session, account.id, tx.now)
    repository.end_linking_codes(tx.session, account.id, tx.now)
    record_change(tx, account, AccountChangeKind.SUSPENDED, reason)
    return account


def resume_account(tx: Transaction, account_id: str, reason: str) -> Account:
    """Lets a suspended person act again, as the person they were.

    Raises `Forbidden` for an administrator where whoever runs the service suspended the account.
    """
    account = account_to_change(tx, account_id)
    if account.suspended_at is None:
        raise Conflict("this account is not suspended")
    refuse_unless_may_resume(tx.caller, repository.suspended_by(tx.session, account.id))
    account.suspended_at = None
    record_change(tx, account, AccountChangeKind.RESUMED, reason)
    return account


def account_to_change(tx: Transaction, account_id: str) -> Account:
    """Returns the account, locked. Raises `NotFound` for another agency's and `Forbidden` for one of other areas."""
    account = repository.account_for_change(tx.session, account_id)
    if account is None:
        raise NotFound("there is no such account, or it is not yours to see")
    refuse_unless_administers(tx.caller, account.areas)
    return account


def _refuse_place_of_others(tx: Transaction, agency: str, sent: Place) -> None:
    """Raises `Invalid` for an area that is not the administrator's, or a post there that another agency fills."""
    for area in sent.areas:
        area_or_refuse(tx.session, tx.caller, area)
        refuse_area_post_not_held(tx.session, area, agency, sent.post, "/post")
        refuse_post_of_another(tx.session, area, agency, sent.post, "/post")


def record_change(tx: Transaction, account: Account, kind: AccountChangeKind, reason: str) -> None:
    """Puts what happened to the account on record and on the audit trail."""
    tx.session.add(
        AccountChange(
            id=new_id("acg"),
            account_id=account.id,
            agency=account.agency,
            kind=kind,
            team=account.team,
            post=account.post,
            areas=account.areas,
            reason=reason,
            changed_by=tx.by,
            changed_at=tx.now,
        )
    )
    tx.session.flush()
    record_act(tx, Category.ALTERATION, "account", account.id)

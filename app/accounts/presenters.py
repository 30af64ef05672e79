"""Accounts as answers."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.models import Account
from app.accounts.repository import changes_of
from app.accounts.schemas import AccountChangeOut, AccountOut


def accounts_out(session: Session, accounts: Sequence[Account]) -> list[AccountOut]:
    """Returns the accounts with all that happened to each, read in one query."""
    changes = changes_of(session, [account.id for account in accounts])
    shown = [name for name in AccountOut.model_fields if name != "changes"]
    return [
        AccountOut(
            changes=[AccountChangeOut.model_validate(one) for one in changes if one.account_id == account.id],
            **{name: getattr(account, name) for name in shown},
        )
        for account in accounts
    ]

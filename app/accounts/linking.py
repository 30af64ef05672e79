"""A person links their account to who they are at the identity provider, with a code from their administrator.

Nobody types what the provider calls somebody else: the provider proves it, and the code says whose account it is.
"""

import hashlib
import secrets
from base64 import b32encode
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from app.accounts import repository
from app.accounts.models import LinkingCode
from app.accounts.service import account_to_change, record_change
from app.accounts.vocabulary import AccountChangeKind
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction

HOLDS_FOR = timedelta(hours=1)
_RANDOM_BYTES, _GROUP = 10, 4  # 80 random bits, as four groups of four letters that are read out on the telephone


def make_linking_code(tx: Transaction, account_id: str, reason: str) -> tuple[LinkingCode, str]:
    """Returns a code for this account, which is shown once, holds for an hour and takes the place of one before.

    Raises `Conflict` for a suspended account.
    """
    account = account_to_change(tx, account_id)
    if account.suspended_at is not None:
        raise Conflict("this account is suspended; resume it first")
    repository.end_linking_codes(tx.session, account.id, tx.now)
    letters = b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode()
    made = LinkingCode(
        id=new_id("lnk"),
        account_id=account.id,
        agency=account.agency,
        code_hash=hash_of_code(letters),
        made_by=tx.by,
        made_at=tx.now,
        expires_at=tx.now + HOLDS_FOR,
        ended_at=None,
    )
    tx.session.add(made)
    record_change(tx, account, AccountChangeKind.LINKING_CODE_MADE, reason)
    return made, "-".join(letters[place : place + _GROUP] for place in range(0, len(letters), _GROUP))


def link_account(tx: Transaction, account_id: str, code: str, subject: str) -> bool:
    """Lets the person sign in as this subject, which the provider has just proved; every visit from before ends.

    Returns whether the code was theirs to use. It is not when it has been used or has expired, when the account is
    suspended, or when the subject is another account's.
    """
    account = repository.account_for_change(tx.session, account_id)
    used = repository.linking_code_for_use(tx.session, account_id, hash_of_code(code), tx.now)
    if account is None or account.suspended_at is not None or used is None:
        return False
    try:
        # The other account may be of another agency, whose rows do not show here: only the unique key knows.
        with tx.session.begin_nested():
            account.subject, used.ended_at = subject, tx.now
            tx.session.flush()
    except IntegrityError:
        return False
    # All of them, and not those of another subject alone: a cookie from before must not live again by a later link.
    repository.end_visits(tx.session, account.id, tx.now)
    record_change(tx, account, AccountChangeKind.LINKED, f"with a code that {used.made_by} made")
    return True


def hash_of_code(code: str) -> str:
    """Returns what is kept of a code. Case, spaces and hyphens do not count."""
    letters = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(letters.encode()).hexdigest()

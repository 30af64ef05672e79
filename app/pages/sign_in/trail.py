"""Puts sign-ins, refused ones too, and sign-outs on the audit trail."""

from app.access.admission import address_of, nobody_known
from app.access.models import Account
from app.audit.service import Category, record_act
from app.foundation.storage.transaction import Transaction
from app.pages.sign_in.page_calls import AnonymousCall, caller_of
from app.throttle.limits import failure_limit
from app.throttle.service import count_call, failed_sign_ins_at, refusals_at


def record_sign_in(call: AnonymousCall, account: Account) -> None:
    """Records that this person has signed in."""
    tx = Transaction(call.session, caller_of(call.request, call.session, account), call.now)
    record_act(tx, Category.SIGN_IN, "sign-in", account.id)


def record_sign_out(call: AnonymousCall, account: Account) -> None:
    """Records that this person has signed out."""
    tx = Transaction(call.session, caller_of(call.request, call.session, account), call.now)
    record_act(tx, Category.SIGN_IN, "sign-out", account.id)


def record_refusal(call: AnonymousCall, why: str, *, counts: bool = True) -> None:
    """Records that somebody could not sign in, and counts it at their address.

    `why` is a code, or the id of the account that is suspended. Without `counts` it locks nobody out, and only as many
    of them go on record as an address may fail.
    """
    address = address_of(call.request)
    subject = failed_sign_ins_at(address) if counts else refusals_at(address)
    [use] = count_call(call.session, {subject: failure_limit(call.request.app.state.settings)}, call.now)
    if use.spent and not counts:
        return
    record_act(
        Transaction(call.session, nobody_known(call.request), call.now), Category.SIGN_IN, "refused-sign-in", why
    )

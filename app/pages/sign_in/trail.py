"""Puts sign-ins, refused ones too, and sign-outs on the audit trail."""

from app.access.models import Account
from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.foundation.storage.transaction import Transaction
from app.pages.sign_in.page_calls import AnonymousCall, caller_of


def record_sign_in(call: AnonymousCall, account: Account) -> None:
    """Records that this person has signed in."""
    tx = Transaction(call.session, caller_of(call.request, account), call.now)
    record_act(tx, Category.SIGN_IN, "sign-in", account.id)


def record_sign_out(call: AnonymousCall, account: Account) -> None:
    """Records that this person has signed out."""
    tx = Transaction(call.session, caller_of(call.request, account), call.now)
    record_act(tx, Category.SIGN_IN, "sign-out", account.id)


def record_refusal(call: AnonymousCall, why: str) -> None:
    """Records that somebody could not sign in: `why` is a code, or the id of the account that is suspended."""
    route = getattr(call.request.scope.get("route"), "operation_id", None) or ""
    nobody = Caller("pages", "NOBODY", "NOBODY", frozenset(), None, call.request.state.trace_id, route)
    record_act(Transaction(call.session, nobody, call.now), Category.SIGN_IN, "refused-sign-in", why)

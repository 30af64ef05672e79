"""Keeps the duties of the disclosure scheme from whoever works with the perpetrator.

Source: design note on forms, (b) 2: that an application for a disclosure exists never reaches the perpetrator's side.
"""

from collections.abc import Iterable

from app.access.calls import Call
from app.actions.api.lookup import NO_ACTION
from app.actions.duty_ids import DISCLOSURE_SCHEME
from app.actions.models import Action
from app.foundation.errors import NotFound
from app.referrals.before_contact.perpetrators_side import cases_of_perpetrators_side


def without_scheme(call: Call, actions: Iterable[Action]) -> list[Action]:
    """Returns the actions without those of the scheme that the caller may not know of."""
    rows = list(actions)
    hidden = scheme_not_shown(call, rows)
    return [row for row in rows if row.id not in hidden]


def scheme_not_shown(call: Call, actions: Iterable[Action]) -> frozenset[str]:
    """Returns the ids of those duties of the scheme that the caller, who works with the perpetrator, may not know of.

    Whoever owns or covers one has it to do, and reads it. Do not call it while the session sees across agencies.
    """
    of_others = [row for row in actions if is_for_others(row, call.caller.agency)]
    closed = cases_of_perpetrators_side(call, {row.case_id for row in of_others}) if of_others else frozenset()
    return frozenset(row.id for row in of_others if row.case_id in closed)


def refuse_scheme(call: Call, action: Action) -> None:
    """Raises `NotFound` for a duty of the scheme that the caller may not know of."""
    if not without_scheme(call, [action]):
        raise NotFound(NO_ACTION)


def is_for_others(action: Action, agency: str) -> bool:
    """Returns whether it is a duty of the scheme that this agency neither owns nor covers."""
    covering = action.cover.cover_agency if action.cover else None
    of_scheme = action.duty is not None and action.duty.startswith(DISCLOSURE_SCHEME)
    return of_scheme and agency not in {action.owner_agency, covering}

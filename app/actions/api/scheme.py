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

    Whoever owns or covers one has it to do, and reads it.
    """
    of_others = [row for row in actions if _is_of_scheme(row) and not _is_held_by(row, call.caller.agency)]
    closed = cases_of_perpetrators_side(call, {row.case_id for row in of_others}) if of_others else frozenset()
    return frozenset(row.id for row in of_others if row.case_id in closed)


def refuse_scheme(call: Call, action: Action) -> None:
    """Raises `NotFound` for a duty of the scheme that the caller may not know of."""
    if not without_scheme(call, [action]):
        raise NotFound(NO_ACTION)


def _is_of_scheme(action: Action) -> bool:
    return action.duty is not None and action.duty.startswith(DISCLOSURE_SCHEME)


def _is_held_by(action: Action, agency: str) -> bool:
    covering = action.cover.cover_agency if action.cover else None
    return agency in {action.owner_agency, covering}

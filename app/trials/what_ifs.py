"""Answers a what-if: at once when it reads few decisions, in steps by the worker when it reads many."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Invalid
from app.foundation.identifiers import new_id
from app.foundation.storage.read_only import read_only
from app.foundation.storage.transaction import Transaction
from app.policies.authority import deciding_person
from app.policies.registry import RegisteredPolicy, proved_policy
from app.trials import repository
from app.trials.impact import ImpactRecord, add_decisions, empty_impact, trial_of
from app.trials.models import PolicyWhatIf
from app.trials.repository import LatestDecisions
from app.trials.schemas import WhatIfRequest

MAX_AT_ONCE = 300
STEP_SIZE = 500


def requested_areas(caller: Caller, sent: WhatIfRequest) -> list[str]:
    """Returns the areas whose decisions are read: those of the request, or else every area of the caller."""
    areas = set(sent.areas or caller.areas)
    if areas - caller.areas:
        raise Invalid("`areas` names an area that is not one of your API key's")
    return sorted(areas)


def answer_at_once(session: Session, draft: RegisteredPolicy, areas: Sequence[str], until: int) -> ImpactRecord:
    """Returns the whole impact. It is worked out in a part of the transaction that can write nothing."""
    with read_only(session):
        decisions = repository.latest_decisions_in(session, areas, 0, until, MAX_AT_ONCE)
        return add_decisions(trial_of(session, draft.policy), decisions, empty_impact())


def start_what_if(tx: Transaction, draft: RegisteredPolicy, areas: list[str], latest: LatestDecisions) -> PolicyWhatIf:
    """Stores a what-if that waits for the worker. It reads decisions up to `latest.last_number` only."""
    what_if = PolicyWhatIf(
        id=new_id("pwi"),
        # Of no area, because it reads several: only the agency that asked sees the row.
        area="",
        agencies=[tx.caller.agency],
        text=draft.file.text,
        base_text=draft.base.text if draft.base else None,
        asked_by=deciding_person(tx.caller),
        asked_at=tx.now,
        areas=areas,
        total=latest.total,
        done=0,
        last_number=0,
        until_number=latest.last_number,
        found=empty_impact(),
        finished_at=None,
    )
    tx.session.add(what_if)
    tx.session.flush()
    return what_if


def advance_what_ifs(session: Session, now: datetime) -> int:
    """Takes one step of the oldest unfinished what-if; returns how many decisions it read, 0 when none waits.

    For the worker, whose session sees every row.
    """
    waiting = repository.next_unfinished_what_if(session)
    if waiting is None:
        return 0
    with read_only(session):
        draft = proved_policy("draft.toml", waiting.text, waiting.base_text)
        decisions = repository.latest_decisions_in(
            session, waiting.areas, waiting.last_number, waiting.until_number, STEP_SIZE
        )
        # A copy: a change inside the stored dictionary would not be seen as a change of the row.
        found = add_decisions(trial_of(session, draft), decisions, deepcopy(waiting.found))
    waiting.found = found
    waiting.done = waiting.done + len(decisions) if decisions else waiting.total
    waiting.last_number = decisions[-1].number if decisions else waiting.last_number
    waiting.finished_at = now if waiting.done >= waiting.total else None
    session.flush()
    return max(len(decisions), 1)

"""A what-if: answered at once when few decisions are concerned, in steps that show progress when many are."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Invalid, NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.read_only import read_only
from app.policies.registry import Shelved, proved
from app.policies.service import deciding_person, read_draft
from app.trials import repository
from app.trials.impacts import Found, look_at, nothing_found
from app.trials.models import PolicyWhatIf
from app.trials.schemas import WhatIfRequest

AT_ONCE, STEP = 300, 500


def areas_asked(caller: Caller, sent: WhatIfRequest) -> list[str]:
    """The areas whose decisions are looked at: those asked for, or every one of the caller's."""
    asked = set(sent.areas or caller.areas)
    if asked - caller.areas:
        raise Invalid("`areas` names an area that is not one of your API key's")
    return sorted(asked)


def answer_at_once(session: Session, draft: Shelved, areas: Sequence[str], until: int) -> Found:
    """Everything found, worked out where nothing can be written."""
    with read_only(session):
        decisions = repository.latest_decisions_in(session, areas, 0, until, AT_ONCE)
        return look_at(session, draft.policy, decisions, nothing_found())


def begin(
    session: Session,
    caller: Caller,
    sent: WhatIfRequest,
    areas: list[str],
    size: tuple[int, int],
    now: datetime,
) -> PolicyWhatIf:
    """The what-if waits for a worker. `size` is how many cases it looks at and the last decision's number."""
    draft = read_draft(session, sent)
    total, until = size
    made = PolicyWhatIf(
        id=new_id("pwi"),
        area="",
        agencies=[caller.agency],
        text=sent.text,
        base_text=draft.base.text if draft.base else None,
        asked_by=deciding_person(caller),
        asked_at=now,
        areas=areas,
        total=total,
        done=0,
        last_number=0,
        until_number=until,
        found=nothing_found(),
        finished_at=None,
    )
    session.add(made)
    session.flush()
    return made


def advance_what_ifs(session: Session, now: datetime) -> int:
    """How many decisions the oldest unfinished what-if has newly looked at; for a worker, who sees every row."""
    waiting = repository.next_unfinished_what_if(session)
    if waiting is None:
        return 0
    with read_only(session):
        draft = proved("draft.toml", waiting.text, waiting.base_text)
        decisions = repository.latest_decisions_in(
            session, waiting.areas, waiting.last_number, waiting.until_number, STEP
        )
        found = look_at(session, draft, decisions, deepcopy(waiting.found))
    waiting.found = found
    waiting.done = waiting.done + len(decisions) if decisions else waiting.total
    waiting.last_number = decisions[-1].number if decisions else waiting.last_number
    waiting.finished_at = now if waiting.done >= waiting.total else None
    session.flush()
    return max(len(decisions), 1)


def find_what_if(session: Session, what_if_id: str) -> PolicyWhatIf:
    """The what-if, or `NotFound` when there is none that the caller may see."""
    found = repository.what_if_by_id(session, what_if_id)
    if found is None:
        raise NotFound("there is no such what-if, or it is not yours to see")
    return found

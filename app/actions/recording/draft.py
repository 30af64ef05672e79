"""An action about to be recorded."""

from dataclasses import dataclass
from datetime import date

from app.reminders.deadline import Deadline
from app.vocabulary import Approach, NeedKind, Role


@dataclass(frozen=True, slots=True)
class Assignment:
    """An action about to be recorded: what, whose, until when, and which duty of which decision asked for it.

    `about` says which need of the case it serves, where that is known: the perpetrator's actions follow the
    accepted lead. `informed` names further agencies that see the action and hear of it. `reaches_victim`: whoever does
    it reaches the victim or the family. With `opens_on` the action is planned for that London date, and nobody is told
    or reminded before. `once_in` are the further cases in which the duty is owed once together with this one.
    """

    case_id: str
    area: str
    what: str
    done_when: str
    owner_role: Role
    deadline: Deadline
    owner_agency: str | None = None
    recipient: str | None = None
    recipient_agency: str | None = None
    duty: str | None = None
    about: NeedKind | None = None
    approach: Approach | None = None
    decision_id: str | None = None
    forums: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    repeats_every: str | None = None
    again_within: str | None = None
    follows_id: str | None = None
    opens_on: date | None = None
    reaches_victim: bool = False
    once_in: tuple[str, ...] = ()

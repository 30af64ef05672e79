"""Which post a word of the ladder stands for, and which agency fills it when it is told: posts may change hands."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.reminders.ladder import OWNER
from app.reminders.line_repository import IntendedPost
from app.reminders.models import ReminderTimer
from app.reminders.repository import covering_post
from app.vocabulary import Role

MARACS_POSTS = frozenset({Role.MARAC_COORDINATOR, Role.MARAC_CHAIR})


@dataclass(frozen=True, slots=True)
class InformedPost:
    """A post that has one digest on a day: a role of one agency in an area. Without an agency nobody fills it."""

    area: str
    role: Role
    agency: str | None


@dataclass(frozen=True, slots=True)
class PostDirectory:
    """Which agency fills which post, and which post covers it on this London date, read once in a sweep."""

    session: Session
    today: date
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _covers: dict[InformedPost, InformedPost] = field(default_factory=dict)

    def informed(self, intended: IntendedPost) -> InformedPost:
        """Returns the post that is told for a line's post: its cover while it is away.

        For one that nobody fills, the co-ordinator stands in.
        """
        role, agency = intended.role, intended.agency or self._agency(intended.area, intended.role)
        if agency is None:
            role = Role.MARAC_COORDINATOR
            agency = self._agency(intended.area, role)
        return self._covering(InformedPost(intended.area, role, agency))

    def _covering(self, post: InformedPost) -> InformedPost:
        if post not in self._covers:
            found = covering_post(self.session, post.area, post.agency, post.role, self.today) if post.agency else None
            self._covers[post] = InformedPost(post.area, found[1], found[0]) if found else post
        return self._covers[post]

    def _agency(self, area: str, role: str) -> str | None:
        if (area, role) not in self._known:
            self._known[area, role] = agency_in_post(self.session, area, role)
        return self._known[area, role]


def intended_post(timer: ReminderTimer, word: str, without_marac: Collection[str]) -> tuple[Role, str | None]:
    """Returns the role that a word of the ladder stands for, and its agency where the owner decides it.

    A line manager is the owner's own agency's: the directory may name another agency for that post. Without an owner
    the co-ordinator stands in. The hub's inspector stands in for MARAC's posts until MARAC has been asked.
    """
    if word in {OWNER, Role.LINE_MANAGER}:
        role = timer.owner_role if word == OWNER else Role.LINE_MANAGER
        return (role, timer.owner_agency) if timer.owner_agency else (Role.MARAC_COORDINATOR, None)
    if word in MARACS_POSTS and timer.case_id in without_marac:
        return Role.POLICE_INSPECTOR, None
    return Role(word), None

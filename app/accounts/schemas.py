"""Accounts as they are sent and shown over HTTP."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from app.access.models import ACCOUNT_NAME
from app.accounts.vocabulary import AccountChangeKind
from app.foundation.caller import normal_form
from app.foundation.web.schema import Code, Explained, Instant, Line, Shown, Strict
from app.vocabulary import Role

READABLE = re.compile(ACCOUNT_NAME)


def _one_form(name: str) -> str:
    form = normal_form(name)
    if not READABLE.fullmatch(form):
        raise ValueError("write a name of Latin letters, digits, spaces, and . ' - _ @ that people can tell apart")
    return form


AccountName = Annotated[
    Line,
    AfterValidator(_one_form),
    Field(description="The name that acts bear, for example ann.lee. Case and outer spaces do not count"),
]
Areas = Annotated[list[Code], Field(min_length=1, max_length=50)]


class Place(Strict):
    """Where a person works: the team, the post in the areas' directory, and the areas."""

    team: Line
    post: Role
    areas: Areas


class AccountRequest(Place):
    """A person of your agency who may act in it from now on. The name is never given to anybody else."""

    name: AccountName
    full_name: Line
    reason: Explained


class AccountMoveRequest(Place):
    """Where the person works from now on, and why."""

    reason: Explained


class AccountReasonRequest(Strict):
    """Why an account is suspended or resumed."""

    reason: Explained


class LinkingCodeOut(Shown):
    """A code for one person, for them alone. `code` is in the first answer only."""

    account_id: str
    expires_at: Instant
    code: str | None = Field(
        default=None, description="What the person enters at their first sign-in at the provider; it is good once"
    )


class AccountChangeOut(Shown):
    """What happened to an account, and what it was from then on."""

    kind: AccountChangeKind
    team: str
    post: Role
    areas: list[str]
    reason: str
    changed_by: str
    changed_at: Instant


class AccountOut(Shown):
    """An account of your agency with all that happened to it, the oldest first."""

    id: str
    agency: str
    name: str
    full_name: str
    team: str
    post: Role
    areas: list[str]
    subject: str | None
    added_at: Instant
    suspended_at: Instant | None
    changes: list[AccountChangeOut]

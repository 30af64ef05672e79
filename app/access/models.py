"""Areas, agencies, the directory of posts, API clients, and the accounts of an agency's people."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.access.vocabulary import CallerRole
from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards, RowSecurity
from app.vocabulary import POLICY_ID, AgencyKind, Nation, Role

MOST_OF_A_CODE = 64
CODE = f"[A-Z][A-Z0-9_-]{{0,{MOST_OF_A_CODE - 1}}}"
"""The code of an area or an agency: scopes and lists of codes are separated by commas, spaces and slashes."""

ACCOUNT_NAME = "[a-z0-9 .'_@\u00df-\u00f6\u00f8-\u0130\u0132-\u0236\u1e00-\u1eff-]{1,200}"
"""The name of an account, in its normal form: letters of English and Welsh and their neighbours.

Others look like these, or like nothing: two names that read the same would be two people.
"""


def _is_a_code(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} ~ '^{CODE}$'", name="code_is_one_word")


def _each_is_a_code(column: str) -> CheckConstraint:
    # One character that no code can hold stands between them, so "A,B" or a NULL among them is found.
    joined = f"array_to_string({column}, chr(31), chr(31))"
    return CheckConstraint(
        f"{column} = '{{}}' OR {joined} ~ ('^{CODE}(' || chr(31) || '{CODE})*$')", name="each_area_is_one_word"
    )


class Area(Base):
    """A MARAC area: whose bank holidays count, and which policy routes its referrals until people put another in force.

    The service cannot change `policy_profile`: from which instant an area follows another policy is in `area_policy`.
    """

    __tablename__ = "area"
    __guards__ = Guards()
    __table_args__ = (
        _is_a_code("code"),
        CheckConstraint(f"policy_profile ~ '{POLICY_ID}'", name="policy_profile_is_an_id"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    nation: Mapped[Nation]
    policy_profile: Mapped[str]


class Agency(Base):
    """An organisation that refers people, owns needs and actions, answers proposals, or is told of events.

    `kind` says where its referrals are counted; None: nobody has said.
    """

    __tablename__ = "agency"
    __guards__ = Guards(may="SELECT, INSERT, UPDATE")
    __table_args__ = (_is_a_code("code"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    kind: Mapped[AgencyKind | None]


class Post(Base):
    """Which agency fills a role in an area. The area's co-ordinator stands in for a role that nobody fills."""

    __tablename__ = "post"
    __guards__ = Guards(may="SELECT, INSERT, UPDATE")

    area: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))


class Client(Base):
    """A system that may call the API: one agency, one role, some areas. `key_models` holds what it proves itself with.

    One that `speaks_for_people` may name an account of its agency as the person who acts. `tokens_ended_at` is when it
    was last suspended: no token from before holds again.
    """

    __tablename__ = "client"
    # All that the service may change: no fault in it can give a key another role or other areas.
    __guards__ = Guards(update="suspended_at, tokens_ended_at")
    __table_args__ = (_each_is_a_code("areas"), Index("ix_client_agency", "agency", "id"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    role: Mapped[CallerRole]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    speaks_for_people: Mapped[bool]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    tokens_ended_at: Mapped[datetime | None]


class Account(Base):
    """A person of an agency: the name that acts bear, the team, the post and the areas they work in.

    `name` is in the normal form of `app.foundation.caller`. Agency and name never change and no account is removed:
    whoever leaves is suspended, and nobody gets the name again. `subject` is what the identity provider calls them.
    """

    __tablename__ = "account"
    __guards__ = Guards(update="team, post, areas, subject, suspended_at", kept="SELECT")
    __row_security__ = RowSecurity("row_is_visible(NULL, ARRAY[agency])")
    __table_args__ = (
        UniqueConstraint("agency", "name"),
        UniqueConstraint("subject"),
        # `AGENCY/name` is read as one agency and one name only.
        CheckConstraint(f"name ~ '^{ACCOUNT_NAME.replace(chr(39), chr(39) * 2)}$'", name="name_is_one_word_of_acts"),
        _each_is_a_code("areas"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    name: Mapped[str]
    full_name: Mapped[str]
    team: Mapped[str]
    post: Mapped[Role]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    subject: Mapped[str | None]
    added_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]

    @property
    def person(self) -> str:
        """The account as acts bear it, `AGENCY/name`."""
        return f"{self.agency}/{self.name}"


class PageVisit(Base):
    """A person's session on the web pages, from signing in until signing out.

    `subject` is the account's when it began: a visit ends when the provider's name of the account changes.
    """

    __tablename__ = "page_visit"
    __guards__ = Guards(update="signed_out_at", kept="SELECT")
    __table_args__ = (Index("ix_page_visit_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    subject: Mapped[str | None]
    signed_in_at: Mapped[datetime]
    signed_out_at: Mapped[datetime | None]

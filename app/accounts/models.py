"""What happened to accounts, and the codes that link them. Accounts belong to the access room, which asks for them."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.vocabulary import AccountChangeKind
from app.foundation.storage.database import Base
from app.foundation.storage.guards import APPEND_ONLY, Guards, RowSecurity
from app.vocabulary import Role


class AccountChange(Base):
    """An account was added, moved, suspended, resumed or linked to a sign-in: by whom, when and why.

    Team, post and areas are those from then on.
    """

    __tablename__ = "account_change"
    __guards__ = APPEND_ONLY
    __row_security__ = RowSecurity("row_is_visible(NULL, ARRAY[agency])")
    __table_args__ = (Index("ix_account_change_account_id", "account_id", "number"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    kind: Mapped[AccountChangeKind]
    team: Mapped[str]
    post: Mapped[Role]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class LinkingCode(Base):
    """A code with which a person links their account to who they are at the identity provider. Only its hash is kept.

    `ended_at`: it was used, another took its place, or the account was suspended.
    """

    __tablename__ = "linking_code"
    __guards__ = Guards(update="ended_at", kept="SELECT")
    __row_security__ = RowSecurity("row_is_visible(NULL, ARRAY[agency])")
    __table_args__ = (UniqueConstraint("code_hash"), Index("ix_linking_code_account_id", "account_id"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    code_hash: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

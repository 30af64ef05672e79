"""Areas, agencies, the directory of posts, and API clients."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.vocabulary import CallerRole
from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards
from app.vocabulary import AgencyKind, Nation, Role


class Area(Base):
    """A MARAC area: whose bank holidays count, and which policy profile routes its referrals."""

    __tablename__ = "area"
    __guards__ = Guards(may="SELECT, INSERT, UPDATE")

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
    """A system that may call the API: one agency, one role, some areas. Only a hash of its key is stored."""

    __tablename__ = "client"
    # The only column the service may change: no fault in it can give a key another role or other areas.
    __guards__ = Guards(update="suspended_at")
    __table_args__ = (Index("uq_client_key_hash", "key_hash", unique=True),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    role: Mapped[CallerRole]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    key_hash: Mapped[str]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]


class PageVisit(Base):
    """A person's session on the web pages with a client's key, from signing in until signing out."""

    __tablename__ = "page_visit"
    __guards__ = Guards(update="signed_out_at")
    __table_args__ = (Index("ix_page_visit_client_id", "client_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"))
    signed_in_at: Mapped[datetime]
    signed_out_at: Mapped[datetime | None]

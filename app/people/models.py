"""Tables of persons, hashed identifiers, links and their withdrawals, proposals and their answers. All are append-only.

The exceptions are `agencies` and `areas` of persons and identifiers, which only grow. Each pair of pseudonyms is
stored in alphabetical order.
"""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import NAMED_ON_ROW, Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, Guards, RowSecurity
from app.people.vocabulary import IdentifierKind, LinkBasis, LinkGround, LinkState, Purpose

ONE_ORDER = "one_ref < other_ref"


# Every area that named a person sees it alike, whoever named it first: the order would tell that others know it.
OF_AREAS_THAT_NAMED = RowSecurity(
    f"{NAMED_ON_ROW} OR (current_setting('app.row_scope', true) = 'area'"
    " AND areas && string_to_array(current_setting('app.areas', true), ','))"
)


class Person(Guarded, Base):
    """One pseudonym, the area where it was first named, and all in which it was. Links say who is the same person."""

    __tablename__ = "person"
    __guards__ = Guards(update="agencies, areas")
    __row_security__ = OF_AREAS_THAT_NAMED

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    ref: Mapped[str] = mapped_column(Text, unique=True)
    first_named_at: Mapped[datetime]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))


class PersonIdentifier(Guarded, Base):
    """The keyed hash of an identifier that an agency gave for a pseudonym. The identifier itself is not stored."""

    __tablename__ = "person_identifier"
    __guards__ = Guards(update="agencies, areas", never_removed=True)
    __row_security__ = OF_AREAS_THAT_NAMED
    __table_args__ = (
        UniqueConstraint("ref", "kind", "digest"),
        # The length of a SHA-256: an identifier that somebody stored unhashed would not pass.
        CheckConstraint("length(digest) = 32", name="is_a_hash"),
        Index("ix_person_identifier_digest", "digest"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    ref: Mapped[str] = mapped_column(ForeignKey("person.ref"))
    kind: Mapped[IdentifierKind]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))


class PersonLink(Guarded, Base):
    """A statement that two pseudonyms are one person, by a person or by the same-identifier rule, with its reason."""

    __tablename__ = "person_link"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint(ONE_ORDER, name="one_order"),
        CheckConstraint(
            "(basis = 'IDENTIFIER' AND identifier_kind IS NOT NULL AND proposal_id IS NULL)"
            " OR (basis = 'PERSON' AND identifier_kind IS NULL AND proposal_id IS NOT NULL)",
            name="basis_has_its_ground",
        ),
        CheckConstraint("basis = 'IDENTIFIER' OR is_second_person(asserted_by, proposed_by)", name="second_person"),
        ForeignKeyConstraint(
            # Brings the proposer into this row, where a CHECK compares the two.
            ["proposal_id", "proposed_by"],
            ["link_proposal.id", "link_proposal.proposed_by"],
            name="fk_person_link_the_proposal",
        ),
        UniqueConstraint("id", "proposed_by"),
        UniqueConstraint("proposal_id"),
        Index("ix_person_link_one_ref", "one_ref"),
        Index("ix_person_link_other_ref", "other_ref"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    one_ref: Mapped[str] = mapped_column(ForeignKey("person.ref"))
    other_ref: Mapped[str] = mapped_column(ForeignKey("person.ref"))
    basis: Mapped[LinkBasis]
    identifier_kind: Mapped[IdentifierKind | None]
    proposal_id: Mapped[str | None] = mapped_column(Text)
    # The rule, where it links by itself.
    proposed_by: Mapped[str]
    reason: Mapped[str]
    asserted_by: Mapped[str]
    asserted_at: Mapped[datetime]


class LinkWithdrawal(Guarded, Base):
    """The end of a link, with its reason, by somebody else than who proposed it. The link itself stays on record."""

    __tablename__ = "link_withdrawal"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("link_id"),
        ForeignKeyConstraint(
            ["link_id", "proposed_by"],
            ["person_link.id", "person_link.proposed_by"],
            name="fk_link_withdrawal_the_link",
        ),
        # The rule may take back what it linked by itself.
        CheckConstraint("withdrawn_by = 'rule' OR is_second_person(withdrawn_by, proposed_by)", name="second_person"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    link_id: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str]
    reason: Mapped[str]
    withdrawn_by: Mapped[str]
    withdrawn_at: Mapped[datetime]


class LinkProposal(Guarded, Base):
    """A statement that two pseudonyms may be one person. It links nobody until a person confirms it.

    No key says that the two are on record: a proposal about somebody whom nobody knows is stored as any other is.
    """

    __tablename__ = "link_proposal"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        CheckConstraint(ONE_ORDER, name="one_order"),
        UniqueConstraint("id", "proposed_by"),
        Index("ix_link_proposal_pair", "one_ref", "other_ref"),
        Index("ix_link_proposal_proposed_at", "proposed_at", "id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    one_ref: Mapped[str] = mapped_column(Text)
    other_ref: Mapped[str] = mapped_column(Text)
    ground: Mapped[LinkGround]
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    answer_by: Mapped[datetime]


class LinkAnswer(Guarded, Base):
    """One area's answer to a proposal, which the other areas do not see.

    The confirmations of all areas make a link; after a refusal the rule no longer links the two by itself.
    """

    __tablename__ = "link_answer"
    __guards__ = APPEND_ONLY
    __table_args__ = (
        UniqueConstraint("proposal_id", "area"),
        CheckConstraint("answer IN ('CONFIRMED', 'REFUSED')", name="answer"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("link_proposal.id"))
    answer: Mapped[LinkState]
    reason: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]


class SeparatePersons(Base):
    """Two pseudonyms that one incident names, one as victim and one as perpetrator. They are never one person."""

    __tablename__ = "separate_persons"
    __guards__ = APPEND_ONLY
    __table_args__ = (CheckConstraint(ONE_ORDER, name="one_order"),)

    one_ref: Mapped[str] = mapped_column(Text, primary_key=True)
    other_ref: Mapped[str] = mapped_column(Text, primary_key=True)
    noted_at: Mapped[datetime]


class PersonSearch(Base):
    """A search for a person: who searched, for which purpose, and by what; of identifiers the hashes.

    `informed_at` is when the worker told whoever holds the person elsewhere. Who searches reads none of it.
    """

    __tablename__ = "person_search"
    __guards__ = Guards(update="informed_at", never_removed=True)
    __table_args__ = (Index("ix_person_search_to_tell", "searched_at", postgresql_where=text("informed_at IS NULL")),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    purpose: Mapped[Purpose]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    digests: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    ref: Mapped[str | None]
    found: Mapped[int]
    agency: Mapped[str]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    searched_by: Mapped[str]
    searched_at: Mapped[datetime]
    informed_at: Mapped[datetime | None]

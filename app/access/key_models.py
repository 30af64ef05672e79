"""What proves a client: its keys, when each was last used, and the keys with which access tokens are signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.access.vocabulary import ClientKeyKind
from app.foundation.storage.database import Base
from app.foundation.storage.guards import Guards


class ClientKey(Base):
    """An API key, a client secret, or a public key of a client. Several may live at once, so that one can be replaced.

    `shown` is what people recognise it by: the first characters, or the `kid` of a public key. Of a key and a secret
    only a hash is stored beside it. `tokens_ended_at` is when it was last suspended: no token from before holds again.
    """

    __tablename__ = "client_key"
    # What a key is never changes: it ends, it is suspended, another one takes its place.
    __guards__ = Guards(update="expires_at, suspended_at, tokens_ended_at, replaced_by")
    __table_args__ = (
        CheckConstraint(
            "(key_hash IS NULL) = (kind = 'PUBLIC_KEY') AND (public_jwk IS NULL) <> (kind = 'PUBLIC_KEY')",
            name="is_a_hash_or_a_public_key",
        ),
        CheckConstraint("expires_at >= made_at", name="ends_after_it_was_made"),
        Index("uq_client_key_key_hash", "key_hash", unique=True),
        Index("uq_client_key_kid", "client_id", "shown", unique=True, postgresql_where="kind = 'PUBLIC_KEY'"),
        Index("ix_client_key_client_id", "client_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[ClientKeyKind]
    shown: Mapped[str]
    key_hash: Mapped[str | None]
    public_jwk: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    tokens_ended_at: Mapped[datetime | None]
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("client_key.id"))


class ClientKeyUse(Base):
    """When a key was last used, to the hour. Apart from the key, so that no call waits for a change of it."""

    __tablename__ = "client_key_use"
    __guards__ = Guards(update="last_used_at")

    key_id: Mapped[str] = mapped_column(ForeignKey("client_key.id"), primary_key=True)
    last_used_at: Mapped[datetime | None]


class TokenSigningKey(Base):
    """A key pair with which the service signs access tokens. Its private half is sealed with the deployment's secret.

    It is published from `made_at` on, signs from `signs_from` until the next one does, and proves until `ends_at`.
    """

    __tablename__ = "token_signing_key"
    __guards__ = Guards(update="ends_at")

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed_private_jwk: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    ends_at: Mapped[datetime | None]

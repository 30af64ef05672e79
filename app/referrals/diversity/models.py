"""The table of the counting fields, apart from the referral and from every list."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.storage.database import NAMED_ON_ROW, Base, Guarded
from app.foundation.storage.guards import APPEND_ONLY, RowSecurity
from app.referrals.diversity.vocabulary import EthnicGroup, Sex


class Diversity(Guarded, Base):
    """What an agency stated to be counted. None: not collected. `taken_back`: the agency withdrew it."""

    __tablename__ = "diversity"
    __guards__ = APPEND_ONLY
    # No agency and no area reads a row: only a count, which the service makes for itself.
    __row_security__ = RowSecurity("current_setting('app.row_scope') = 'system'", stored_if=NAMED_ON_ROW)
    __table_args__ = (Index("ix_diversity_case_id", "case_id"),)

    # The row is not read back when it is stored: whoever states it may not see it.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - what SQLAlchemy declares

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    taken_back: Mapped[bool]
    ethnic_group: Mapped[EthnicGroup | None]
    disabled: Mapped[bool | None]
    lgbt: Mapped[bool | None]
    sex: Mapped[Sex | None]

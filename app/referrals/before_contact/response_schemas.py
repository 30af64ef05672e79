"""The response schema of what to know before contact with the victim."""

from enum import StrEnum

from pydantic import Field

from app.foundation.web.schema import Shown
from app.referrals.withheld.response_schemas import WithheldOut


class NoteKind(StrEnum):
    """What a note before contact is about, in the order in which the notes are shown."""

    HOLD = "HOLD"
    SAFE_CONTACT = "SAFE_CONTACT"
    MUST_NOT_BE_TOLD = "MUST_NOT_BE_TOLD"
    LANGUAGE = "LANGUAGE"
    ACCESS = "ACCESS"
    CAPACITY = "CAPACITY"
    CONSENT = "CONSENT"
    POLICE = "POLICE"
    VISIT = "VISIT"
    HOME = "HOME"
    LOST_CONTACT = "LOST_CONTACT"
    SUPPORT = "SUPPORT"
    WISHES = "WISHES"


class ContactNoteOut(Shown):
    """One thing to know before contact, as it stands now. `texts` are sealed texts that were opened for the reader."""

    kind: NoteKind
    says: str
    texts: list[WithheldOut] = Field(default_factory=list)
    sealed: int = Field(
        default=0,
        description="Sealed texts that are not opened here: read the action and name the reader in X-On-Behalf-Of",
    )

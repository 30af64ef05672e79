"""What is sent about needs, proposals and transfers over HTTP."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from app.foundation.web.schema import CivilDate, Code, Explained, Line, Strict, Text, Tri, contradiction
from app.ownership.vocabulary import DeathReference, DeathSource
from app.vocabulary import DeclineCode, EndReason, Forum

Account = Annotated[str, Field(min_length=15, max_length=10_000)]


def refuse_misplaced(sent: BaseModel, word: str, needed: Mapping[str, tuple[str, ...]]) -> None:
    """Raises `ValueError` unless the request has every field that its code or reason needs, and none of another's."""
    own = needed.get(word, ())
    fields = {name for names in needed.values() for name in names}
    absent = sorted(name for name in own if not getattr(sent, name))
    foreign = sorted(name for name in fields - set(own) if getattr(sent, name))
    if absent:
        raise ValueError(f"{word} needs {' and '.join(absent)}")
    if foreign:
        raise ValueError(f"{word} may not carry {' or '.join(foreign)}")


NAMED_BY_CODE: Mapping[str, tuple[str, ...]] = {
    DeclineCode.MANAGED_ELSEWHERE: ("claimed_forum",),
    DeclineCode.INSUFFICIENT_INFO: ("missing",),
    DeclineCode.OUT_OF_AREA: ("to_area",),
    DeclineCode.DUPLICATE: ("duplicate_of",),
}
NAMED_BY_REASON: Mapping[str, tuple[str, ...]] = {
    EndReason.RISK_RESOLVED: ("occurred_on",),
    EndReason.MOVED: ("transfer_id",),
    EndReason.DECEASED: ("occurred_on", "death"),
    EndReason.CUSTODY_NO_RELEASE: ("occurred_on",),
    EndReason.DUPLICATE_OF: ("duplicate_of",),
}


class AcceptanceRequest(Strict):
    """The forum takes the need and owns it from this instant; the earlier owner no longer does."""

    note: Text | None = None


class DeclineRequest(Strict):
    """Why the forum declines. The present owner keeps the need; the chair and the referrer are told at once."""

    code: DeclineCode
    reason: Explained
    claimed_forum: Forum | None = Field(
        default=None,
        description="With MANAGED_ELSEWHERE: the forum that manages the perpetrator. It is checked.",
    )
    missing: Annotated[tuple[Line, ...], Field(max_length=10)] = Field(
        default=(), description="With INSUFFICIENT_INFO: what must be known before the forum can answer"
    )
    to_area: Code | None = Field(default=None, description="With OUT_OF_AREA: the area to ask instead")
    duplicate_of: Code | None = Field(
        default=None, description="With DUPLICATE: the need, proposal or case on record that this repeats"
    )

    @model_validator(mode="after")
    def _code_names_what_it_must(self) -> "DeclineRequest":
        refuse_misplaced(self, self.code, NAMED_BY_CODE)
        return self


class WithdrawalRequest(Strict):
    """Why the sender withdraws the proposal. The forum did not decline, and may be asked again."""

    reason: Explained


class OverrideRequest(Strict):
    """A chair names who should own the need, against the order or a decline.

    The present owner stays until they accept.
    """

    forum: Forum
    agency: Code | None = Field(
        default=None, description="Left out: the agency that fills the forum's post in the area"
    )
    reason: Explained


class ProposalRequest(Strict):
    """A forum is asked to lead a need."""

    forum: Forum
    reason: Explained


class DeathProof(Strict):
    """Who certified or reported the death, in which kind of document, and its day. Its number stays in the document."""

    source: DeathSource
    reference_kind: DeathReference
    dated: CivilDate


class EndingRequest(Strict):
    """A need is to end for one of five reasons, given by the owning forum's chair. Each names what proves it."""

    reason: EndReason
    note: Explained
    occurred_on: CivilDate | None = Field(
        default=None,
        description="RISK_RESOLVED: the day of the assessment that found it. DECEASED, CUSTODY_NO_RELEASE: since when",
    )
    duplicate_of: Code | None = Field(
        default=None, description="DUPLICATE_OF: the open need that carries on for these cases"
    )
    death: DeathProof | None = Field(default=None, description="DECEASED: what proves the death")
    transfer_id: Code | None = Field(default=None, description="MOVED: the transfer that the receiving area accepted")
    actions_continue: Annotated[tuple[Code, ...], Field(max_length=500)] = Field(
        default=(), description="Every unfinished action that continues although the need has ended"
    )

    @model_validator(mode="after")
    def _reason_names_what_proves_it(self) -> "EndingRequest":
        refuse_misplaced(self, self.reason, NAMED_BY_REASON)
        return self


class EndingAnswerRequest(Strict):
    """What the second person knows of it: why the need ends, or why it goes on."""

    note: Explained


class TransferRequest(Strict):
    """The victim moves: what the receiving area must have to carry on. It owns nothing until it accepts."""

    to_area: Code
    plan: Account = Field(description="The safety plan as it stands, with what has been done")
    minutes: Account = Field(description="The minutes, or that the case has not been heard")
    idva_handover: Account = Field(
        description="IDVA to IDVA: what was agreed, and how the victim can be reached safely"
    )
    heard_before: Tri = Field(default=None, description="A MARAC has heard the case")
    heard_on: CivilDate | None = None
    plan_sent: Tri = Field(default=None, description="The receiving area has the whole plan already")
    idva_handover_on: CivilDate | None = Field(default=None, description="When the two IDVAs speak to each other")
    agenda_out: Tri = None
    actions_handed_over: Annotated[tuple[Code, ...], Field(max_length=200)] = Field(
        default=(), description="The unfinished actions for the victim that move too; the others stay with their owners"
    )

    @field_validator("heard_on")
    @classmethod
    def _heard_if_dated(cls, heard_on: date | None, parts: ValidationInfo) -> date | None:
        if heard_on is not None and parts.data.get("heard_before") is False:
            raise contradiction("`heard_before` says that no MARAC heard the case: correct one of them")
        return heard_on


class TransferDeclineRequest(Strict):
    """Why the receiving area declines. The area that the victim leaves still owns the victim's safety."""

    reason: Explained

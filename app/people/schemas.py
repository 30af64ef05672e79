"""Requests and responses about persons, link proposals and links. No response contains an identifier."""

from hashlib import sha256
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_serializer, field_validator, model_validator

from app.foundation.web.schema import Code, Explained, Instant, Shown, Strict
from app.people.identifiers import Identifier, parse_identifier
from app.people.vocabulary import IdentifierKind, LinkBasis, LinkGround, LinkState, Purpose

MOST_IDENTIFIERS = 10
TRACE_HEX_DIGITS = 3


class IdentifierIn(Strict):
    """A national identifier, checked by its letter or digit. Only a keyed hash is stored; leave out a doubtful one."""

    kind: IdentifierKind
    # A secret: neither a log nor a traceback shows it.
    value: Annotated[SecretStr, Field(min_length=4, max_length=32)]

    @field_validator("value")
    @classmethod
    def _in_one_form(cls, value: SecretStr, so_far: ValidationInfo) -> SecretStr:
        kind = so_far.data.get("kind")
        # A kind that is not known is refused by itself, and without one nothing says how to read the value.
        return SecretStr(parse_identifier(kind, value.get_secret_value()).value) if kind else value

    @field_serializer("value", when_used="json")
    def _trace_of_value(self, value: SecretStr) -> str:
        """Returns three hex digits of a hash: enough to notice a changed request (1 change in 4,096 goes unnoticed).

        It is too little to find the person by. A repeated request with the same Idempotency-Key is compared so.
        """
        return sha256(value.get_secret_value().encode()).hexdigest()[:TRACE_HEX_DIGITS]

    def identifier(self) -> Identifier:
        """Returns the identifier in its one form."""
        return Identifier(self.kind, self.value.get_secret_value())


Identifiers = Annotated[tuple[IdentifierIn, ...], Field(max_length=MOST_IDENTIFIERS)]


class LinkProposalRequest(Strict):
    """Two pseudonyms that may be one person. A second person must confirm it.

    The answer is the same whether or not anybody but you knows the pseudonym that you do not see.
    """

    one_ref: Code
    other_ref: Code
    reason: Explained

    @model_validator(mode="after")
    def _two_pseudonyms(self) -> "LinkProposalRequest":
        if self.one_ref == self.other_ref:
            raise ValueError("name two different pseudonyms")
        return self


class LinkReasonRequest(Strict):
    """Why a proposal is confirmed or refused, or a link withdrawn."""

    reason: Explained


class PersonSearchRequest(Strict):
    """A search by identifiers, or by one pseudonym that you may see, for a stated purpose."""

    purpose: Purpose
    identifiers: Identifiers = ()
    ref: Code | None = None

    @model_validator(mode="after")
    def _identifiers_or_ref(self) -> "PersonSearchRequest":
        if bool(self.identifiers) == (self.ref is not None):
            raise ValueError("search by `identifiers` or by `ref`, one of the two")
        return self


class LinkAnswerOut(Shown):
    """An answer of your area to a proposal, and who gave it."""

    area: str
    answer: LinkState
    reason: str
    answered_by: str
    answered_at: Instant


class LinkProposalOut(Shown):
    """Two pseudonyms that may be one person, why the rule did not link them, and the answers of your area.

    `area` is yours. What another area answers is not told until every area that holds one of the two has confirmed.
    """

    id: str
    area: str
    one_ref: str
    other_ref: str
    ground: LinkGround
    reason: str
    proposed_by: str
    proposed_at: Instant
    answer_by: Instant
    state: LinkState = LinkState.OPEN
    answers: list[LinkAnswerOut] = Field(default_factory=list)
    link_id: str | None = None


class WithdrawalOut(Shown):
    """Why a link no longer stands."""

    reason: str
    withdrawn_by: str
    withdrawn_at: Instant


class LinkOut(Shown):
    """A statement that two pseudonyms are one person, by whom and why; `withdrawal` is set when it no longer stands.

    Which other area knows the person is not part of it: for a victim who has moved, that is where the victim is.
    """

    id: str
    one_ref: str
    other_ref: str
    basis: LinkBasis
    identifier_kind: IdentifierKind | None
    proposal_id: str | None
    reason: str
    asserted_by: str
    asserted_at: Instant
    withdrawal: WithdrawalOut | None = None


class LinkEffectOut(LinkOut):
    """A link, and the decisions that you may see whose counts depend on it: the latest of each such case."""

    decisions: list[str]


class LinkConfirmationOut(LinkProposalOut):
    """A proposal after your area has confirmed it. Once every area has, `link_id` names the link.

    `decisions` are those among yours that then count differently: the latest of each case.
    """

    decisions: list[str] = Field(default_factory=list)


class PersonOut(Shown):
    """A person by the pseudonyms that you may see. Nothing says whether anybody else knows this person."""

    id: str
    refs: list[str]
    links: list[LinkOut]


class PersonSearchOut(Shown):
    """At most ten persons. `more` says that there are others; narrow the search."""

    id: str
    persons: list[PersonOut]
    more: bool

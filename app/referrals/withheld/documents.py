"""Takes the sealed texts out of a request before its document is stored, and leaves in their place which they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, SecretStr

from app.foundation.identifiers import new_id

PREFIX = "sealed:"
ELSEWHERE = "not_for_disclosure"


@dataclass(frozen=True, slots=True)
class TakenText:
    """One text that is to be sealed: its row's id, the part of the request that it came in, and the text itself."""

    id: str
    part: str
    text: SecretStr


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document that holds no secret, and the texts that were taken out of it."""

    content: dict[str, Any]
    taken: list[TakenText] = field(default_factory=list)


def without_secrets(sent: BaseModel, exclude: dict[str, Any]) -> OpenDocument:
    """Returns what was sent as plain data, each secret text replaced by a reference to its row.

    A hash in its place could be guessed from a short text such as an hour; the id of a row says nothing.
    """
    plain = sent.model_dump(mode="json", exclude_unset=True, exclude=exclude)
    # The same places hold the secrets themselves when the request is not written as JSON.
    secret = sent.model_dump(mode="python", exclude_unset=True, exclude=exclude)
    taken: list[TakenText] = []
    return OpenDocument(_opened(plain, secret, "", taken), taken)


def references_in(value: object) -> Iterator[str]:
    """Yields the ids of the sealed rows that a value of a stored document refers to, however deep."""
    if isinstance(value, str) and value.startswith(PREFIX):
        yield value.removeprefix(PREFIX)
    elif isinstance(value, dict):
        yield from (row for inner in value.values() for row in references_in(inner))
    elif isinstance(value, list):
        yield from (row for inner in value for row in references_in(inner))


def _opened(plain: Any, secret: Any, part: str, taken: list[TakenText]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(secret, SecretStr):
        taken.append(TakenText(new_id("nfd"), part, secret))
        return f"{PREFIX}{taken[-1].id}"
    if isinstance(plain, dict):
        return {name: _opened(plain[name], secret[name], _within(part, name), taken) for name in plain}
    if isinstance(plain, list):
        return [_opened(one, other, part, taken) for one, other in _pairs(plain, secret)]
    return plain


def _pairs(plain: list[Any], secret: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    yield from zip(plain, secret, strict=True)


def _within(part: str, name: str) -> str:
    return f"{part}.{name}" if part else name

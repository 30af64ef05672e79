"""Keyset pages: a sealed cursor bound to the filters and the caller; nothing skipped, nothing twice.

A position may hold an instant or a number of a row that the caller never saw, so nobody but this service reads it.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pydantic import Field

from app.foundation.errors import Malformed
from app.foundation.storage.keys import derived_key
from app.foundation.web.schema import Shown

Item = TypeVar("Item")
DEFAULT_LIMIT, MOST_ITEMS = 50, 200


class PageInfo(Shown):
    """How many were asked for, and whether there are more."""

    limit: int
    has_more: bool


class Page(Shown, Generic[Item]):
    """One page. `links.next` is absent on the last page."""

    items: list[Item]
    page: PageInfo
    links: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CursorKey:
    """Seals cursors; `bound_to` is the caller and the filters, so that a cursor works for no other list."""

    secret: str
    bound_to: str

    def write(self, position: Sequence[str]) -> str:
        """Returns the text that stands for a position in the list: the same position, the same text."""
        plain = json.dumps(list(position), separators=(",", ":")).encode()
        return urlsafe_b64encode(self._cipher().encrypt(plain, [self.bound_to.encode()])).decode().rstrip("=")

    def read(self, cursor: str) -> list[str]:
        """Returns the position, or `Malformed` when the cursor is not one we gave for this very list."""
        position = self._opened(cursor)
        # The last letter of base64 text has bits that stand for nothing: a cursor that we never wrote is refused.
        if position is None or self.write(position) != cursor:
            raise Malformed("`cursor` is not one that you were given for this very list; start again without it")
        return position

    def read_instant(self, cursor: str) -> tuple[datetime, str]:
        """Returns the position of a list that is ordered by an instant and an id, or `Malformed` as `read` says."""
        at, last = self.read(cursor)
        return datetime.fromisoformat(at), last

    def _opened(self, cursor: str) -> list[str] | None:
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            position: list[str] = json.loads(self._cipher().decrypt(sealed, [self.bound_to.encode()]))
        except (InvalidTag, ValueError):
            return None
        return position

    def _cipher(self) -> AESSIV:
        # Without a nonce (RFC 5297): two pages of the same rows carry the same link, and so the same ETag.
        return AESSIV(derived_key("cursor", self.secret))


def page_of(
    rows: Sequence[Item], limit: int, key: CursorKey, position: Callable[[Item], Sequence[str]], path: str
) -> Page[Item]:
    """Returns a page of `limit` from `limit + 1` rows; the extra row only says that there is more."""
    # No total is counted: on a long list that would cost more than the page.
    shown, has_more = list(rows[:limit]), len(rows) > limit
    links = {"next": f"{path}cursor={key.write(position(shown[-1]))}"} if has_more else {}
    return Page(items=shown, page=PageInfo(limit=limit, has_more=has_more), links=links)

"""Keyset pages: an opaque, signed cursor bound to the filters and the caller; nothing skipped, nothing twice."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import Field

from app.foundation.errors import Malformed
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
    """Signs cursors; `bound_to` is the caller and the filters, so that a cursor works for no other list."""

    secret: bytes
    bound_to: str

    def write(self, position: Sequence[str]) -> str:
        """Returns the opaque text that stands for a position in the list."""
        return str(self._serializer().dumps(list(position)))

    def read(self, cursor: str) -> list[str]:
        """Returns the position, or `Malformed` when the cursor is not one we gave for this very list."""
        try:
            position: list[str] = self._serializer().loads(cursor)
        except BadSignature as refused:
            if refused.payload is None:  # nothing in it looks like a signature
                raise Malformed("`cursor` is not one this service gave out") from None
            raise Malformed("`cursor` belongs to another list or caller; start again without it") from None
        return position

    def read_instant(self, cursor: str) -> tuple[datetime, str]:
        """Returns the position of a list that is ordered by an instant and an id, or `Malformed` as `read` says."""
        at, last = self.read(cursor)
        return datetime.fromisoformat(at), last

    def _serializer(self) -> URLSafeSerializer:
        # SHA-256 in both places: the library's defaults are SHA-1.
        derived = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self.secret, salt=f"cursor {self.bound_to}", signer_kwargs=derived)


def page_of(
    rows: Sequence[Item], limit: int, key: CursorKey, position: Callable[[Item], Sequence[str]], path: str
) -> Page[Item]:
    """Returns a page of `limit` from `limit + 1` rows; the extra row only says that there is more."""
    # No total is counted: on a long list that would cost more than the page.
    shown, has_more = list(rows[:limit]), len(rows) > limit
    links = {"next": f"{path}cursor={key.write(position(shown[-1]))}"} if has_more else {}
    return Page(items=shown, page=PageInfo(limit=limit, has_more=has_more), links=links)

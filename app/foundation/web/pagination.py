"""Keyset pages: an opaque, signed cursor bound to the filters and the caller; nothing skipped, nothing twice."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import Field

from app.foundation.errors import Malformed
from app.foundation.web.schema import Shown

Item = TypeVar("Item")
DEFAULT_LIMIT, MOST_ITEMS = 50, 200
_SIGNATURE_BYTES = 16


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
        """The opaque text that stands for a position in the list."""
        payload = json.dumps(list(position), separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(payload) + payload).decode().rstrip("=")

    def read(self, cursor: str) -> list[str]:
        """The position, or `Malformed` when the cursor is not one we gave for this very list."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise Malformed("`cursor` is not one this service gave out") from None
        signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(payload)):
            raise Malformed("`cursor` belongs to another list or caller; start again without it")
        position: list[str] = json.loads(payload)
        return position

    def _sign(self, payload: bytes) -> bytes:
        return hmac.new(self.secret, self.bound_to.encode() + b"\0" + payload, hashlib.sha256).digest()[
            :_SIGNATURE_BYTES
        ]


def page_of(
    rows: Sequence[Item], limit: int, key: CursorKey, position: Callable[[Item], Sequence[str]], path: str
) -> Page[Item]:
    """A page of `limit` from `limit + 1` rows; the extra row only says that there is more."""
    shown, has_more = list(rows[:limit]), len(rows) > limit
    links = {"next": f"{path}cursor={key.write(position(shown[-1]))}"} if has_more else {}
    return Page(items=shown, page=PageInfo(limit=limit, has_more=has_more), links=links)

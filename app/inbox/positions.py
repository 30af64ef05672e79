"""Where a page of the inbox begins, as a signed cursor carries it."""

from datetime import datetime

from app.access.calls import Call
from app.foundation.clock import instant_text
from app.foundation.web.pagination import CursorKey
from app.inbox.items import InboxItem
from app.inbox.service import InboxFilter, InboxPosition


def inbox_cursor(call: Call, wanted: InboxFilter) -> CursorKey:
    """Signs the cursors of this caller's inbox under these filters."""
    return call.cursor_key(f"inbox {wanted}")


def read_position(key: CursorKey, cursor: str | None) -> InboxPosition | None:
    """Returns where the page begins; None for the first page. Raises `Malformed` for a cursor of another list."""
    if not cursor:
        return None
    as_of, band, late_from, item_id, kind = key.read(cursor)
    place = (int(band), datetime.fromisoformat(late_from), item_id, int(kind))
    return InboxPosition(datetime.fromisoformat(as_of), place)


def position_text(as_of: datetime, item: InboxItem) -> list[str]:
    """Returns what a cursor holds of the last item of a page."""
    band, late_from, item_id, kind = item.place
    return [instant_text(as_of), str(band), instant_text(late_from), item_id, str(kind)]

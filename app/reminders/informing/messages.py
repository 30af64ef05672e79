"""The events of a digest and of a danger call: for the one agency that fills the post. Ids, codes and times only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, link_of, room_left
from app.reminders.informing.entries import DigestEntry, DueItem, digest_entries, written_item
from app.reminders.informing.fitting import INBOX, fitted
from app.reminders.informing.posts import InformedPost
from app.vocabulary import EventType, SubjectType

LOWEST_PRIORITY, LEAST_URGENT_ESCALATION = 6, 2
# What the names of the lists take in the body, beside the lines in them.
NAMES = 120


def digest_event(post: InformedPost, items: Sequence[DueItem], now: datetime) -> EventDraft:
    """Returns the event of a post's digest of today."""
    day = london_date(now)
    draft = EventDraft(
        type=EventType.REMINDER_DIGEST,
        subject_type=SubjectType.DIGEST,
        subject_id=new_id("dgs"),
        area=post.area,
        agencies=(post.agency,),
        details=_head(post, items) | {"day": day},
        # The same post cannot be told twice on a day, even if two sweeps should ever run.
        dedupe_key=f"digest:{post.area}:{post.role}:{post.agency}:{day}",
        priority=max(LEAST_URGENT_ESCALATION, LOWEST_PRIORITY - max(1, *(one.rung for one in items))),
        link=INBOX,
    )
    return _with_lines(draft, digest_entries(items, now), now)


def danger_event(post: InformedPost, items: Sequence[DueItem], now: datetime) -> EventDraft:
    """Returns the event of a danger call, which names every danger of one case that came due for the post."""
    first = items[0]
    by_case = first.case_id is not None
    draft = EventDraft(
        type=EventType.REMINDER_DANGER,
        subject_type=SubjectType.CASE if by_case else first.subject_type,
        subject_id=first.about,
        area=post.area,
        agencies=(post.agency,),
        case_id=first.case_id,
        details=_head(post, items),
        priority=URGENT,
        # The owner may read its action, and not always the case.
        link=INBOX if len(items) > 1 else link_of(first.subject_type, first.subject_id),
    )
    return _with_lines(draft, [DigestEntry((one,), _without_case(one)) for one in items], now)


def _head(post: InformedPost, items: Sequence[DueItem]) -> dict[str, Any]:
    # In every copy: an answer of 2xx means received, and only a person ends the ladder.
    return {"role": post.role, "count": len({one.subject_id for one in items}), "receipt_is_review": False}


def _with_lines(draft: EventDraft, entries: Sequence[DigestEntry], now: datetime) -> EventDraft:
    lines = fitted(entries, room_left(draft, now) - NAMES, now)
    return replace(draft, details={**draft.details, **lines.details()})


def _without_case(item: DueItem) -> dict[str, Any]:
    # The call names its case once, and its 2 KiB are for the items.
    return {name: value for name, value in written_item(item).items() if name != "case_id"}

"""The events of digests and of danger calls: for the one agency that fills the posts. Ids, codes and times only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, link_of, room_left
from app.reminders.informing.entries import DigestEntry, DueItem, danger_entries, written_item
from app.reminders.informing.fitting import INBOX, fitted, packed, size_of
from app.reminders.informing.posts import InformedPost
from app.reminders.line_repository import WaitingLine
from app.vocabulary import EventType, Role, SubjectType

LOWEST_PRIORITY, LEAST_URGENT_ESCALATION = 6, 2
# What the names of the lists take in the body, beside the lines in them.
NAMES = 120


@dataclass(frozen=True, slots=True)
class PostDigest:
    """What one post is told today, as it is written, and the lines of the ladder that this says."""

    post: InformedPost
    items: Sequence[DueItem]
    entries: Sequence[DigestEntry]
    lines: Sequence[WaitingLine]


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """One event with the digests that it carries."""

    draft: EventDraft
    digests: Sequence[PostDigest]


def digest_messages(digests: Sequence[PostDigest], now: datetime) -> list[DigestMessage]:
    """Returns the events of today for one agency: as few as hold the digests of its posts in full.

    A digest that no event holds in full has one of its own, in which its last lines are counted.
    """
    if not digests:
        return []
    sizes = [size_of([_in_full(one)]) for one in digests]
    return [_message([digests[n] for n in together], now) for together in packed(sizes, _room(digests, now))]


def danger_event(post: InformedPost, items: Sequence[DueItem], now: datetime) -> EventDraft:
    """Returns the event of a danger call, which names every danger that came due for the post.

    Those of one case one by one; of several cases, which are said again, a line for each case.
    """
    about_one = len({one.about for one in items}) == 1
    draft = _call(post, items, about_one=about_one)
    entries = [DigestEntry((one,), _without_case(one)) for one in items] if about_one else danger_entries(items, now)
    lines = fitted(entries, room_left(draft, now) - NAMES, now)
    return replace(draft, details={**draft.details, **lines.details()})


def _call(post: InformedPost, items: Sequence[DueItem], *, about_one: bool) -> EventDraft:
    first = items[0]
    subject = (SubjectType.CASE if first.case_id else first.subject_type, first.about)
    of_several = (SubjectType.DIGEST, new_id("dgs"))
    subject_type, subject_id = subject if about_one else of_several
    return EventDraft(
        type=EventType.REMINDER_DANGER,
        subject_type=subject_type,
        subject_id=subject_id,
        area=post.area,
        agencies=(post.agency,),
        case_id=first.case_id if about_one else None,
        details=_head(post.role, items) | NO_REVIEW,
        priority=URGENT,
        # The owner may read its action, and not always the case.
        link=INBOX if len(items) > 1 else link_of(first.subject_type, first.subject_id),
    )


# In every copy: an answer of 2xx means received, and only a person ends the ladder.
NO_REVIEW = {"receipt_is_review": False}


def _message(digests: Sequence[PostDigest], now: datetime) -> DigestMessage:
    draft = _draft(digests, now)
    written = (
        [_in_full(one) for one in digests] if len(digests) > 1 else [_fitted(digests[0], _room(digests, now), now)]
    )
    return DigestMessage(replace(draft, details={**draft.details, "digests": written}), digests)


def _draft(digests: Sequence[PostDigest], now: datetime) -> EventDraft:
    post, day = digests[0].post, london_date(now)
    highest = max(item.rung for one in digests for item in one.items)
    return EventDraft(
        type=EventType.REMINDER_DIGEST,
        subject_type=SubjectType.DIGEST,
        subject_id=new_id("dgs"),
        area=post.area,
        agencies=(post.agency,),
        details={"day": day, **NO_REVIEW},
        # The same post cannot be told twice on a day, even if two sweeps should ever run.
        dedupe_key=f"digest:{post.area}:{'+'.join(one.post.role for one in digests)}:{post.agency}:{day}",
        priority=max(LEAST_URGENT_ESCALATION, LOWEST_PRIORITY - max(1, highest)),
        link=INBOX,
    )


def _room(digests: Sequence[PostDigest], now: datetime) -> int:
    return room_left(_draft(digests, now), now) - NAMES


def _in_full(digest: PostDigest) -> dict[str, Any]:
    return _head(digest.post.role, digest.items) | {"items": [entry.written for entry in digest.entries]}


def _fitted(digest: PostDigest, room: int, now: datetime) -> dict[str, Any]:
    """Returns the digest in `room` bytes."""
    head = _head(digest.post.role, digest.items)
    return head | fitted(digest.entries, room - size_of([head]) - NAMES, now).details()


def _head(role: Role, items: Sequence[DueItem]) -> dict[str, Any]:
    return {"role": role, "count": len({one.subject_id for one in items})}


def _without_case(item: DueItem) -> dict[str, Any]:
    # The call names its case once, and its 2 KiB are for the items.
    return {name: value for name, value in written_item(item).items() if name != "case_id"}

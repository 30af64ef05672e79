"""The board: what is asked of the viewer's posts, by section, in the order of the inbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from app.access.calls import Call
from app.access.matrix import access_matrix
from app.foundation.asked import AskedSection, section_of
from app.inbox.items import InboxItem
from app.inbox.service import MOST_COUNTED, InboxCounts, InboxFilter, InboxPosition, InboxReading, read_inbox
from app.pages import repository
from app.pages.rendering.labels import SECTIONS
from app.pages.views.board_rows import CodeNames, WorkRow, work_row


@dataclass(frozen=True, slots=True)
class BoardCounter:
    """One count with its label, and the link to what was counted unless that is nothing.

    `figure` ends with "+" above the cap.
    """

    figure: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class BoardSection:
    """The rows of this page under one heading."""

    name: str
    heading: str
    rows: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows. `read` has one item more than the page, which only says that there is more.

    `counters` are empty on a later page, and where one section alone is shown.
    """

    read: InboxReading
    in_all: str
    counters: tuple[BoardCounter, ...]
    sections: tuple[BoardSection, ...]
    sees_decisions: bool
    sees_statistics: bool


def read_board(call: Call, wanted: InboxFilter, after: InboxPosition | None, limit: int) -> Board:
    """Reads the board as this viewer may see it. `after` is the position of the page before; `limit` counts rows."""
    read = read_inbox(call, wanted, after, limit)
    shown = read.items[:limit]
    sees_decisions = _may_open(call, "showDecision")
    cases = {item.case_id for item in shown if item.case_id}
    decisions = repository.latest_decisions(call.session, cases) if sees_decisions and cases else {}
    names = CodeNames(repository.agency_names(call.session), read.references, decisions)
    counts = read.counts
    return Board(
        read=read,
        in_all=_figure(counts.in_all) if counts else "",
        counters=_counters(counts, wanted) if counts and wanted.section is None else (),
        sections=tuple(_sections(call, read, shown, names)),
        sees_decisions=sees_decisions,
        sees_statistics=_may_open(call, "showStatistics"),
    )


def _sections(call: Call, read: InboxReading, shown: Iterable[InboxItem], names: CodeNames) -> Iterable[BoardSection]:
    """Groups what stands together already: the page never sorts again."""
    for section, items in groupby(shown, lambda item: section_of(item.urgency, read.as_of)):
        rows = tuple(work_row(item, names, call.now) for item in items)
        yield BoardSection(section.lower(), SECTIONS[section], rows)


def _may_open(call: Call, operation: str) -> bool:
    """Returns whether this role may open that page, so that the board shows no link that ends in a refusal."""
    grant = access_matrix().get(operation)
    return grant is not None and call.caller.role in grant.rows_by_role


def _counters(counts: InboxCounts, wanted: InboxFilter) -> tuple[BoardCounter, ...]:
    others = "".join([*(f"&kind={kind}" for kind in wanted.kinds), f"&role={wanted.role}" if wanted.role else ""])
    return tuple(
        BoardCounter(
            _figure(counts.by_section[section]),
            SECTIONS[section].lower(),
            f"/board?section={section}{others}" if counts.by_section[section] else "",
        )
        for section in AskedSection
    )


def _figure(count: int) -> str:
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"

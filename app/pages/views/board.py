"""The board: what is late, whose it is, what came back declined, and what nobody has reviewed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.matrix import access_matrix
from app.access.service import as_system
from app.actions.list_repository import ActionFilter, list_actions
from app.actions.models import Action
from app.foundation.clock import london_date, london_instant
from app.pages import repository
from app.pages.rendering.dates import end_of_week
from app.pages.sign_in.viewer import Viewer
from app.pages.views.board_lines import BoardRow, Names, Returned, returned_line, row_line
from app.vocabulary import ActionState

MOST_RETURNED, MOST_UNREVIEWED = 50, 5
TICK = timedelta(microseconds=1)  # the finest the database tells apart


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure, in words when it was not counted to the end."""

    figure: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows. `actions` has one row more than the page, which only says that there is more."""

    counters: tuple[Counter, ...]
    declined: tuple[Returned, ...]
    returned: tuple[BoardRow, ...]
    unreviewed: tuple[BoardRow, ...]
    unreviewed_in_all: str
    actions: tuple[Action, ...]
    rows: tuple[BoardRow, ...]
    agencies: Mapping[str, str]
    sees_decisions: bool
    sees_figures: bool


def show_board(
    session: Session,
    viewer: Viewer,
    wanted: ActionFilter,
    after: tuple[datetime, str] | None,
    limit: int,
    now: datetime,
) -> Board:
    """The board as this viewer may see it at `now`: every query runs under the viewer's row scope."""
    counts = repository.count_actions(session, now, *rest_of_week(now))
    answers = repository.declined_and_not_taken(session, MOST_RETURNED)
    waiting = repository.waiting_by_need(session, {need.id for _, _, need, _ in answers})
    returned = list_actions(session, ActionFilter(state=ActionState.RETURNED), None, MOST_RETURNED, now)
    unreviewed = _never_reviewed(session, now)
    actions = tuple(list_actions(session, wanted, after, limit + 1, now))
    listed = [*returned, *unreviewed, *actions]
    reports = repository.latest_reports(session, {action.id for action in listed})
    case_ids = {action.case_id for action in listed} | {proposal.case_id for proposal, *_ in answers}
    names = _names(session, viewer, case_ids)
    declined = tuple(returned_line(*answer, waiting.get(answer[2].id), names) for answer in answers)

    def rows(some: Iterable[Action]) -> tuple[BoardRow, ...]:
        return tuple(row_line(action, reports.get(action.id), names, now) for action in some)

    return Board(
        counters=_counters(counts, len(declined)),
        declined=declined,
        returned=rows(returned),
        unreviewed=rows(unreviewed),
        unreviewed_in_all=_figure(counts.unreviewed),
        actions=actions,
        rows=rows(actions[:limit]),
        agencies=names.agencies,
        sees_decisions=_may_open(viewer, "showDecision"),
        sees_figures=_may_open(viewer, "showFigures"),
    )


def _may_open(viewer: Viewer, operation: str) -> bool:
    """Whether this role may open that page; a link that ends in a refusal helps nobody."""
    grant = access_matrix().get(operation)
    return grant is not None and viewer.caller.role in grant.rows_by_role


def rest_of_week(now: datetime) -> tuple[datetime, datetime]:
    """The deadlines from just after `now` to the end of Sunday in London: the first that counts, the first that does not.

    An action due on Sunday passes its deadline the moment Monday begins, so that moment still counts.
    """
    monday = london_instant(end_of_week(london_date(now)) + timedelta(days=1), 0)
    return now + TICK, monday + TICK


def _never_reviewed(session: Session, now: datetime) -> list[Action]:
    """The longest waiting: reported and not checked, or past the deadline and not looked at. Not what came back."""
    reported = list_actions(session, ActionFilter(state=ActionState.REPORTED), None, MOST_UNREVIEWED, now)
    late = list_actions(
        session, ActionFilter(state=ActionState.OPEN, unreviewed=True), None, MOST_UNREVIEWED, now
    )
    return sorted((*reported, *late), key=lambda action: (action.sort_at, action.id))[:MOST_UNREVIEWED]


def _names(session: Session, viewer: Viewer, case_ids: set[str]) -> Names:
    """An action's owner may see the action and not its case; the reference is how people speak of it in a meeting."""
    with as_system(session, viewer.caller, viewer.rows):
        cases = repository.case_references(session, case_ids)
    return Names(repository.agency_names(session), cases)


def _counters(counts: repository.Counts, declined: int) -> tuple[Counter, ...]:
    return (
        Counter(_figure(counts.overdue), "overdue", "/board?overdue=true#actions"),
        Counter(_figure(counts.due_this_week), "due this week", "/board?due_this_week=true#actions"),
        Counter(_figure(counts.unreviewed), "unreviewed", "/board?unreviewed=true#actions"),
        Counter(_figure(counts.returned + declined), "came back declined", "#came-back"),
    )


def _figure(count: int) -> str:
    return f"{repository.MOST_COUNTED:,}+" if count > repository.MOST_COUNTED else f"{count:,}"

"""The board: what is overdue, who owns it, what came back declined, and what nobody reviewed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.calls import Call
from app.access.matrix import access_matrix
from app.actions.api.scheme import scheme_not_counted, without_scheme
from app.actions.list_repository import MOST_COUNTED, ActionFilter, list_actions
from app.actions.models import Action
from app.pages import repository
from app.pages.rendering.dates import rest_of_week
from app.pages.views.board_rows import ActionRow, CodeNames, DeclinedRow, action_row, declined_row
from app.vocabulary import ActionState

MOST_RETURNED, MOST_UNREVIEWED = 50, 5


@dataclass(frozen=True, slots=True)
class BoardCounter:
    """One count with its label and the link to what was counted. `figure` ends with "+" above the cap."""

    figure: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows. `actions` has one row more than the page, which only says that there is more."""

    counters: tuple[BoardCounter, ...]
    declined: tuple[DeclinedRow, ...]
    returned: tuple[ActionRow, ...]
    unreviewed: tuple[ActionRow, ...]
    unreviewed_in_all: str
    actions: tuple[Action, ...]
    rows: tuple[ActionRow, ...]
    agencies: Mapping[str, str]
    sees_decisions: bool
    sees_statistics: bool


def read_board(call: Call, wanted: ActionFilter, after: tuple[datetime, str] | None, limit: int) -> Board:
    """Reads the board as this viewer may see it. `after` is the position of the page before; `limit` counts rows."""
    session, now = call.session, call.now
    counts = repository.count_actions(session, now, *rest_of_week(now), scheme_not_counted(call))
    requests = repository.declined_requests(session, MOST_RETURNED)
    waiting = repository.waiting_by_need(session, {request.need.id for request in requests})
    # Read without the form's filter: what came back declined shows whatever the viewer looks for.
    returned = list_actions(session, ActionFilter(state=ActionState.RETURNED), None, MOST_RETURNED, now)
    unreviewed = _longest_unreviewed(session, now)
    actions = tuple(list_actions(session, wanted, after, limit + 1, now))
    shown = [*returned, *unreviewed, *actions]
    reports = repository.latest_reports(session, {action.id for action in shown})
    case_ids = {action.case_id for action in shown} | {request.proposal.case_id for request in requests}
    names = _code_names(call, case_ids)
    declined = tuple(declined_row(request, waiting.get(request.need.id), names) for request in requests)

    def rows(some: Iterable[Action]) -> tuple[ActionRow, ...]:
        kept = without_scheme(call, some)
        return tuple(action_row(action, reports.get(action.id), names, now) for action in kept)

    return Board(
        counters=_counters(counts, len(declined)),
        declined=declined,
        returned=rows(returned),
        unreviewed=rows(unreviewed),
        unreviewed_in_all=_figure(counts.unreviewed),
        actions=actions,
        rows=rows(actions[:limit]),
        agencies=names.agencies,
        sees_decisions=_may_open(call, "showDecision"),
        sees_statistics=_may_open(call, "showStatistics"),
    )


def _may_open(call: Call, operation: str) -> bool:
    """Returns whether this role may open that page, so that the board shows no link that ends in a refusal."""
    grant = access_matrix().get(operation)
    return grant is not None and call.caller.role in grant.rows_by_role


def _longest_unreviewed(session: Session, now: datetime) -> list[Action]:
    """Returns the actions that wait longest for a review: reported, or past the deadline.

    What came back is shown elsewhere.
    """
    reported = list_actions(session, ActionFilter(state=ActionState.REPORTED), None, MOST_UNREVIEWED, now)
    late = list_actions(session, ActionFilter(state=ActionState.OPEN, unreviewed=True), None, MOST_UNREVIEWED, now)
    return sorted((*reported, *late), key=lambda action: (action.sort_at, action.id))[:MOST_UNREVIEWED]


def _code_names(call: Call, case_ids: set[str]) -> CodeNames:
    # An action's owner may see the action and not its case. The reference is what people say in a meeting.
    with call.as_system() as session:
        cases = repository.case_references(session, case_ids)
    return CodeNames(repository.agency_names(call.session), cases)


def _counters(counts: repository.BoardCounts, declined: int) -> tuple[BoardCounter, ...]:
    return (
        BoardCounter(_figure(counts.overdue), "overdue", "/board?overdue=true#actions"),
        BoardCounter(_figure(counts.due_this_week), "due this week", "/board?due_this_week=true#actions"),
        BoardCounter(_figure(counts.unreviewed), "unreviewed", "/board?unreviewed=true#actions"),
        BoardCounter(_figure(counts.returned + declined), "came back declined", "#came-back"),
    )


def _figure(count: int) -> str:
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"

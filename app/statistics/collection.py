"""Everything that the report counts, read once for all forums of an area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.statistics import repository as stored
from app.statistics.counting import ActionSet, Answered, Hearing, Period, Reviewed
from app.vocabulary import ProposalState

REFUSED = frozenset({ProposalState.DECLINED, ProposalState.EXPIRED})


@dataclass(frozen=True, slots=True)
class AreaRecords:
    """Everything on record about an area in a period, read once for all forums."""

    asked: Sequence[tuple[str, bool]]
    answers: Sequence[Answered]
    takeovers: dict[int, list[datetime]]
    listed: Sequence[str]
    hearings: Sequence[tuple[str, Hearing]]
    all_hearings: Sequence[tuple[str, Hearing]]
    acceptances: Sequence[tuple[str, str, datetime]]
    planned_against_him: set[tuple[str, str]]
    actions: Sequence[ActionSet]
    reviews: Sequence[Reviewed]
    discharges: Sequence[tuple[str, str | None]]
    endings: Sequence[tuple[str, str]]

    def forums(self) -> set[str]:
        """Every forum that something of the period is about."""
        named = (*self.asked, *self.hearings, *self.discharges, *self.endings)
        tracked: list[ActionSet | Reviewed] = [*self.actions, *self.reviews]
        in_actions = (forum for row in tracked for forum in row.forums)
        return {*(row[0] for row in named), *(row.forum for row in self.answers), *self.listed, *in_actions}


def read_records(session: Session, area: str, period: Period) -> AreaRecords:
    """The records of a period. Cases that were heard in it bring their earlier hearings and acceptances with them."""
    answers = stored.answers_in(session, area, period)
    hearings = stored.hearings_in(session, area, period)
    heard = {hearing.case_id for _, hearing in hearings}
    return AreaRecords(
        asked=stored.forums_asked(session, area, period),
        answers=answers,
        takeovers=stored.takeovers(session, {one.need_number for one in answers if one.state in REFUSED}),
        listed=stored.counted_listings(session, area, period),
        hearings=hearings,
        all_hearings=stored.hearings_of(session, heard),
        acceptances=stored.acceptances_of(session, area, heard),
        planned_against_him=stored.planned_against_him(session, heard),
        actions=stored.actions_set(session, area, period),
        reviews=stored.reviews_made(session, area, period),
        discharges=stored.discharges_in(session, area, period),
        endings=stored.endings_in(session, area, period),
    )

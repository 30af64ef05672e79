"""Reads everything that the report counts, once for all forums of an area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.statistics import repository
from app.statistics.counting import CountedAction, CountedAnswer, CountedReview, Hearing, Period
from app.vocabulary import ProposalState

REFUSED = frozenset({ProposalState.DECLINED, ProposalState.EXPIRED})


@dataclass(frozen=True, slots=True)
class AreaRecords:
    """Everything on record about an area in a period. Each pair or triple begins with the forum."""

    asked: Sequence[tuple[str, bool]]
    answers: Sequence[CountedAnswer]
    ownership_starts: dict[int, list[datetime]]
    listed: Sequence[str]
    hearings: Sequence[tuple[str, Hearing]]
    all_hearings: Sequence[tuple[str, Hearing]]
    acceptances: Sequence[tuple[str, str, datetime]]
    with_perpetrator_action: set[tuple[str, str]]
    actions: Sequence[CountedAction]
    reviews: Sequence[CountedReview]
    discharges: Sequence[tuple[str, str | None]]
    endings: Sequence[tuple[str, str]]

    def forums(self) -> set[str]:
        """Returns every forum that a record of the period is about."""
        named = (*self.asked, *self.hearings, *self.discharges, *self.endings)
        tracked: list[CountedAction | CountedReview] = [*self.actions, *self.reviews]
        in_actions = (forum for row in tracked for forum in row.forums)
        return {*(row[0] for row in named), *(row.forum for row in self.answers), *self.listed, *in_actions}


def read_records(session: Session, area: str, period: Period) -> AreaRecords:
    """Reads the records of a period, and the earlier hearings and acceptances of the cases that were heard in it."""
    answers = repository.answers_in(session, area, period)
    refused_needs = {one.need_number for one in answers if one.state in REFUSED}
    hearings = repository.hearings_in(session, area, period)
    heard = {hearing.case_id for _, hearing in hearings}
    return AreaRecords(
        asked=repository.forums_asked(session, area, period),
        answers=answers,
        ownership_starts=repository.ownership_starts(session, refused_needs),
        listed=repository.forums_of_listings(session, area, period),
        hearings=hearings,
        all_hearings=repository.hearings_of(session, heard),
        acceptances=repository.acceptances_of(session, area, heard),
        with_perpetrator_action=repository.hearings_with_perpetrator_action(session, heard),
        actions=repository.actions_set(session, area, period),
        reviews=repository.reviews_made(session, area, period),
        discharges=repository.discharges_in(session, area, period),
        endings=repository.endings_in(session, area, period),
    )

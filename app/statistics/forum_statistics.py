"""Counts the records of an area for one forum."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.foundation.clock import london_date
from app.foundation.working_days import WorkingDays
from app.ownership.vocabulary import ProposalKind
from app.statistics.area_records import REFUSED, AreaRecords
from app.statistics.counting import (
    FAILED,
    CountedAnswer,
    CountedReview,
    Hearing,
    Waits,
    is_repeat,
    percent,
    waited_since,
    waits_of,
)
from app.statistics.schemas import (
    ActionsOut,
    AfterRefusalOut,
    DischargesOut,
    ForumStatisticsOut,
    HearingsOut,
    ReviewsOut,
    ScreeningOut,
    WaitsOut,
)
from app.vocabulary import ActionOutcome, ActionState, Forum, ProposalState


def forum_statistics(records: AreaRecords, forum: Forum, calendar: WorkingDays, now: datetime) -> ForumStatisticsOut:
    """Counts everything of one forum."""
    return ForumStatisticsOut(
        forum=forum,
        screening=_screening(records, forum),
        hearings=_hearings(records, forum, calendar),
        actions=_actions(records, forum, now),
        discharges=_discharges(records, forum),
        after_refusal=_after_refusal(records, forum, calendar),
    )


def _screening(records: AreaRecords, forum: Forum) -> ScreeningOut:
    asked = [waits for name, waits in records.asked if name == forum]
    answers = [one for one in records.answers if one.forum == forum]
    states = Counter(one.state for one in answers)
    return ScreeningOut(
        asked=len(asked),
        waiting=sum(asked),
        accepted=states[ProposalState.ACCEPTED],
        declined=states[ProposalState.DECLINED],
        expired=states[ProposalState.EXPIRED],
        withdrawn=states[ProposalState.WITHDRAWN],
        refusals=_counted(one.code for one in answers if one.code),
    )


def _hearings(records: AreaRecords, forum: Forum, calendar: WorkingDays) -> HearingsOut:
    heard = [hearing for name, hearing in records.hearings if name == forum]
    all_of_case: dict[str, list[Hearing]] = {}
    for name, hearing in records.all_hearings:
        if name == forum:
            all_of_case.setdefault(hearing.case_id, []).append(hearing)
    accepted: dict[str, list[datetime]] = {}
    for name, case_id, at in records.acceptances:
        if name == forum:
            accepted.setdefault(case_id, []).append(at)
    starts = [(one, waited_since(one, accepted.get(one.case_id, ()), all_of_case[one.case_id])) for one in heard]
    repeats = sum(is_repeat(one, all_of_case[one.case_id]) for one in heard)
    return HearingsOut(
        listed=records.listed.count(forum),
        heard=len(heard),
        heard_without_acceptance=sum(start is None for _, start in starts),
        wait=_waits_out(waits_of([calendar.between(start, one.heard_on) for one, start in starts if start])),
        repeats=repeats,
        repeat_rate_percent=percent(repeats, len(heard)),
        without_action_about_perpetrator=sum(
            (one.meeting_id, one.case_id) not in records.with_perpetrator_action for one in heard
        ),
    )


def _actions(records: AreaRecords, forum: Forum, now: datetime) -> ActionsOut:
    actions = [one for one in records.actions if forum in one.forums]
    states = Counter(one.state for one in actions)
    unfinished = {ActionState.OPEN, ActionState.RETURNED}
    return ActionsOut(
        set=len(actions),
        about_perpetrator=sum(one.about_perpetrator for one in actions),
        approaches=_counted(one.approach for one in actions if one.approach),
        overdue=sum(one.state in unfinished and one.sort_at <= now for one in actions),
        awaiting_review=states[ActionState.REPORTED],
        # An ordinary duty ends with its owner's report, without a review.
        finished=states[ActionState.REVIEWED]
        + sum((one.state, one.outcome) == (ActionState.ENDED, ActionOutcome.COMPLETED) for one in actions),
        failed=sum(one.outcome in FAILED for one in actions),
        outcomes=_counted(one.outcome for one in actions if one.outcome),
        reviews=_reviews([one for one in records.reviews if forum in one.forums]),
    )


def _reviews(reviews: Sequence[CountedReview]) -> ReviewsOut:
    between = [one for one in reviews if not one.at_meeting]
    own = sum(one.reviewed_by.partition("/")[0] == one.owner_agency for one in between)
    return ReviewsOut(
        at_meeting=len(reviews) - len(between),
        between_meetings_by_owners_agency=own,
        between_meetings_by_another_agency=len(between) - own,
    )


def _discharges(records: AreaRecords, forum: Forum) -> DischargesOut:
    holders = [holder for name, holder in records.discharges if name == forum]
    return DischargesOut(
        discharged=len(holders),
        perpetrator_then_held_by=_counted(holder for holder in holders if holder),
        needs_ended=_counted(reason for name, reason in records.endings if name == forum),
    )


def _after_refusal(records: AreaRecords, forum: Forum, calendar: WorkingDays) -> AfterRefusalOut:
    refused = [
        one for one in records.answers if one.forum == forum and one.kind == ProposalKind.LEAD and one.state in REFUSED
    ]
    waits = [days for one in refused if (days := _until_next_owner(records, one, calendar)) is not None]
    return AfterRefusalOut(
        refused=len(refused),
        passed_on_since=len(waits),
        with_the_same_owner=len(refused) - len(waits),
        wait=_waits_out(waits_of(waits)),
    )


def _until_next_owner(records: AreaRecords, refusal: CountedAnswer, calendar: WorkingDays) -> int | None:
    later = (at for at in records.ownership_starts.get(refusal.need_number, ()) if at and at > refusal.answered_at)
    next_at = min(later, default=None)
    if next_at is None:
        return None
    return calendar.between(london_date(refusal.answered_at), london_date(next_at))


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _waits_out(waits: Waits) -> WaitsOut:
    return WaitsOut(measured=waits.measured, median_working_days=waits.median, longest_working_days=waits.longest)

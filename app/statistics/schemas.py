"""The responses of the statistics. Counts only: no person, no case, no agency's name."""

from datetime import date

from pydantic import Field

from app.foundation.web.schema import Instant, Shown
from app.vocabulary import Forum

MARKING = "OFFICIAL-SENSITIVE"
HANDLING = "For the partnership's own review. A small count can point to a person: do not publish."


class WaitsOut(Shown):
    """Waits in working days: how many were measured, their median (of two middle ones, the longer) and the longest."""

    measured: int
    median_working_days: int | None
    longest_working_days: int | None


class ScreeningOut(Shown):
    """Requests to this forum. `asked` and `waiting` count requests sent in the period; the others count answers in it.

    Screened means accepted plus declined: nobody screened a request that expired.
    """

    asked: int
    waiting: int
    accepted: int
    declined: int
    expired: int
    withdrawn: int
    refusals: dict[str, int]


class HearingsOut(Shown):
    """Cases that were listed and cases that were heard in the period.

    A repeat, as SafeLives counts it, is the same two people within twelve months of the last referral that was heard;
    the rate is the repeats of all cases heard, in whole per cent. `wait` runs from the acceptance to the hearing.
    """

    listed: int
    heard: int
    heard_without_acceptance: int
    wait: WaitsOut
    repeats: int
    repeat_rate_percent: int | None
    without_action_about_perpetrator: int


class ReviewsOut(Shown):
    """Reviews made in the period: by the chair at a meeting, or between meetings by the owner's agency or another."""

    at_meeting: int
    between_meetings_by_owners_agency: int
    between_meetings_by_another_agency: int


class ActionsOut(Shown):
    """Actions set in the period, as they stand now. One that two forums track counts under each.

    `approaches` counts what actions aimed at the perpetrator do; one that says nothing of it is not counted there.
    Failed: not done, could not be done, or declined by its recipient.
    """

    set: int
    about_perpetrator: int
    approaches: dict[str, int]
    overdue: int
    awaiting_review: int
    finished: int
    failed: int
    outcomes: dict[str, int]
    reviews: ReviewsOut


class DischargesOut(Shown):
    """Cases this forum discharged and who owned the perpetrator then; needs that ended while it owned them, and why."""

    discharged: int
    perpetrator_then_held_by: dict[str, int]
    needs_ended: dict[str, int]


class AfterRefusalOut(Shown):
    """For declined or expired requests to lead: whether the need passed to another owner since, and how soon."""

    refused: int
    passed_on_since: int
    with_the_same_owner: int
    wait: WaitsOut


class ForumStatisticsOut(Shown):
    """The statistics of one forum."""

    forum: Forum
    screening: ScreeningOut
    hearings: HearingsOut
    actions: ActionsOut
    discharges: DischargesOut
    after_refusal: AfterRefusalOut


class DiversityOut(Shown):
    """Of how many cases referred in whole, settled quarters the victim has each value; NOT_COLLECTED is not nought.

    null is a count too small to show, or one that would tell such a count. No case is named, and none can be read:
    days and weeks are not counted by themselves. A quarter settles 28 days after its end. A case counts in each quarter
    in which it is referred.
    """

    quarters: list[date] = Field(description="The first day of each quarter of the period that is counted here")

    ethnic_group: dict[str, int | None]
    disabled: dict[str, int | None]
    lgbt: dict[str, int | None]
    sex: dict[str, int | None]


class StatisticsOut(Shown):
    """What happened to an area's referrals in a period, for each forum that has something to count."""

    marking: str = MARKING
    handling: str = HANDLING
    area: str
    from_on: date
    to_on: date
    as_of: Instant
    referrals_received: int
    referral_sources: dict[str, int]
    diversity: DiversityOut
    needs_without_owner: int
    forums: list[ForumStatisticsOut]

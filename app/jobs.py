"""Lists the work that the worker repeats: what it is, how often, and how one run goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.cover.service import start_and_end_covers
from app.actions.ladder_repair import repair_ladders
from app.actions.outcomes.notice_return import return_notices
from app.actions.planned import open_planned_actions
from app.clients.oauth.repository import forget_used_assertions
from app.clients.oauth.signing_keys import keep_signing_key
from app.flows.releasing import release_in_turn, release_what_is_owed
from app.flows.searches import tell_of_searches
from app.intake.enquiries.clock_ends import decide_after_ended_clock
from app.meetings.casework.licence_end_duties import open_licence_end_duties
from app.meetings.lists.cycles import extend_cycles
from app.ownership.filled_posts import give_work_to_filled_posts
from app.ownership.proposals.expiry import expire_overdue
from app.reminders.sweep import fire_due_reminders
from app.throttle.service import forget_old_counts
from app.trials.what_ifs import advance_what_ifs
from app.webhooks.delivery.alarms import open_undelivered_reminders, set_poison_aside
from app.webhooks.delivery.worker import ReadNow
from app.webhooks.feed_repository import place_new_events
from app.webhooks.subscriptions.recoveries import advance_recoveries

POLL = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is repeated. `run` returns how much it did; with `drains`, it runs again until that is nothing."""

    name: str
    run: Callable[[Session, datetime], int]
    every: timedelta = POLL
    drains: bool = True


def place_in_feed(session: Session, _now: datetime) -> int:
    """Gives new events their position in the feed, and returns how many there were."""
    return place_new_events(session)


JOBS: tuple[Job, ...] = (
    Job("fire reminders", fire_due_reminders),
    Job("expire proposals", expire_overdue),
    Job("decide after an ended clock", decide_after_ended_clock),
    Job("place events in the feed", place_in_feed),
    Job("release what is owed", release_what_is_owed),
    Job("tell of searches", tell_of_searches),
    Job("release in turn", release_in_turn, timedelta(minutes=1), drains=False),
    Job("advance recoveries", advance_recoveries),
    Job("set poison aside", set_poison_aside, timedelta(seconds=10)),
    Job("notice undelivered reminders", open_undelivered_reminders, timedelta(minutes=1)),
    Job("return notices", return_notices, timedelta(minutes=1)),
    Job("advance what-ifs", advance_what_ifs),
    Job("open planned actions", open_planned_actions, timedelta(minutes=1)),
    Job("give work to filled posts", give_work_to_filled_posts, timedelta(minutes=1)),
    Job("keep covers", start_and_end_covers, timedelta(minutes=5)),
    Job("extend meeting cycles", extend_cycles, timedelta(hours=1), drains=False),
    Job("open licence-end duties", open_licence_end_duties, timedelta(hours=1), drains=False),
    Job("forget old counts of calls", forget_old_counts, timedelta(hours=1)),
    Job("forget used assertions", forget_used_assertions, timedelta(hours=1), drains=False),
    Job("keep the signing key", keep_signing_key, timedelta(hours=1), drains=False),
    Job("repair ladders", repair_ladders, timedelta(minutes=15), drains=False),
)


def run_job(sessions: sessionmaker[Session], now_of: ReadNow, job: Job) -> int:
    """Runs the job, each time in a transaction of its own that sees every row, and returns how much it did."""
    done = 0
    while True:
        with sessions.begin() as session:
            scope_to_system(session)
            step = job.run(session, now_of(session))
        done += step
        if not step or not job.drains:
            return done

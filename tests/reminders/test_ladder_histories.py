"""Whatever happens to the actions of two cases, each rung ends in one line for each post it tells, or in one reason."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.models import Area, Post
from app.foundation.clock import london_date, london_instant
from app.foundation.working_days import working_days_of
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, cancel_ladder, redate_ladder, set_ladder
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Nation, SubjectType
from tests.webhooks.builders import POSTS, DeliverySetup
from tests.webhooks.measurements import save_measurement

START = datetime(2026, 1, 1, tzinfo=UTC)
AFTER_EVERY_DEADLINE = [datetime(2030, month, 8, 12, tzinfo=UTC) for month in (1, 2, 3)]
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=1095)).map(lambda since: START + since)
DUES = st.one_of(
    st.builds(Deadline, DAYS, st.none(), st.booleans()),
    st.builds(Deadline, st.none(), INSTANTS, st.booleans()),
)
WHICH = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 60 * 24 * 40)),
    st.tuples(st.just("clock back"), st.integers(1, 120)),
    st.tuples(st.just("sweep"), st.just(1)),
    st.tuples(st.just("sweep"), st.just(2)),
    st.tuples(st.just("work on"), st.integers(1, 10)),
    st.tuples(st.just("redate"), st.tuples(WHICH, DUES)),
    st.tuples(st.just("review"), WHICH),
)
HISTORIES = st.lists(STEPS, min_size=1, max_size=12)
NATIONS = st.sampled_from(Nation)
OWNERS = st.sampled_from(["HOUSING", "COORD", None])
# Every rung and the posts that it tells, each with the message that says it or the reason why none does.
_RUNGS = text("""
    SELECT t.id, t.subject_id, t.due_version, t.rung, t.state, t.fire_at, t.reason, t.tells, t.danger,
        count(l.tells) AS lines, count(l.message_id) AS said, count(l.reason) AS withdrawn,
        count(*) FILTER (WHERE l.tells IS NOT NULL AND l.message_id IS NULL AND l.reason IS NULL) AS waiting,
        min(l.say_from) FILTER (WHERE l.message_id IS NULL AND l.reason IS NULL) AS waits_until,
        max(m.said_at) AS said_at
    FROM reminder_timer t LEFT JOIN reminder_line l ON l.timer_id = t.id
        LEFT JOIN reminder_message m ON m.id = l.message_id
    WHERE t.subject_id = ANY (:subjects) GROUP BY t.id ORDER BY t.subject_id, t.due_version, t.rung
""")
_MESSAGES = text("""
    SELECT m.kind, m.area, m.role, m.agency, m.day, m.about, m.said_at, n.type, count(l.timer_id) AS lines
    FROM reminder_message m JOIN event n ON n.id = m.event_id LEFT JOIN reminder_line l ON l.message_id = m.id
    WHERE m.area = :area GROUP BY m.id, n.type
""")


@dataclass
class Watched:
    """One action: how reminders know it, its deadline, the version of that, and whether somebody has reviewed it."""

    subject: ReminderSubject
    due: Deadline
    version: int = 1
    reviewed: bool = False


@dataclass
class History:
    """The history of four actions of two cases in an area of their own, played step by step."""

    setup: DeliverySetup
    nation: Nation
    watched: list[Watched]
    now: datetime = START
    area: str = field(default_factory=lambda: f"AREA-{secrets.token_hex(6).upper()}")
    silences: list[int] = field(default_factory=list)

    def play(self, what: str, how: Any) -> None:
        if what == "redate" and not self.watched[how[0]].reviewed:
            one, due = self.watched[how[0]], how[1]
            one.version, one.due = one.version + 1, due
            self._do(redate_ladder, one.subject, due, one.version)
        elif what == "review":
            self.watched[how].reviewed = True
            self._do(cancel_ladder, self.watched[how].subject.subject_id, "reviewed")
        elif what == "sweep":
            for _ in range(how):
                self.sweep()
        elif what == "work on":
            self.work_on(how)
        elif isinstance(how, int):
            self.now += timedelta(minutes=how if what == "pass" else -how)

    def work_on(self, days: int) -> None:
        """Lets a worker sweep each day from nine o'clock on, so that nothing is an outage."""
        for _ in range(days):
            self.now = london_instant(london_date(self.now) + timedelta(days=1), 9)
            self.sweep()
            self.check_nothing_late_is_silent()

    def sweep(self) -> None:
        before = len(self.messages())
        while self._do(fire_due_reminders):
            pass
        posts = Counter(
            (one.role, one.agency, one.kind, one.about) for one in self.messages() if one.said_at == self.now
        )
        assert len(self.messages()) >= before
        assert set(posts.values()) <= {1}, "one sweep says at most one thing to a post, and of a danger one of a case"

    def _do(self, act: Any, *arguments: object) -> Any:
        return self.setup.in_system(lambda session: act(session, *arguments, self.now))

    def rungs(self) -> list[Any]:
        subjects = {"subjects": [one.subject.subject_id for one in self.watched]}
        return list(self.setup.in_system(lambda session: session.execute(_RUNGS, subjects).all()))

    def messages(self) -> list[Any]:
        return list(self.setup.in_system(lambda session: session.execute(_MESSAGES, {"area": self.area}).all()))

    def check_nothing_late_is_silent(self) -> None:
        """On a working day from nine on, whatever is late and not reviewed was said in the last five working days."""
        calendar, today = working_days_of(self.nation), london_date(self.now)
        if not calendar.is_open(today):
            return
        for one in self.watched:
            if one.reviewed or one.due.passes_at > self.now:
                continue
            said = [rung.said_at for rung in self.rungs() if rung.subject_id == one.subject.subject_id and rung.said_at]
            assert said, "it is late, and nobody was ever told"
            silence = calendar.between(london_date(max(said)), today)
            assert silence <= 5
            self.silences.append(silence)


def a_history(setup: DeliverySetup, nation: Nation, owner: str | None, dues: list[Deadline]) -> History:
    history = History(setup, nation, [])
    cases = [f"cas_{secrets.token_hex(16)}" for _ in range(2)]
    setup.in_system(lambda session: _furnish(session, history.area, nation))
    for n, due in enumerate(dues):
        subject = ReminderSubject(
            SubjectType.ACTION, f"act_{secrets.token_hex(16)}", cases[n % 2], history.area, nation, owner, "HOUSING"
        )
        history.watched.append(Watched(subject, due))
        history._do(set_ladder, subject, due, 1)
    return history


def _furnish(session: Session, area: str, nation: Nation) -> None:
    """Fills the posts of an area of its own, so that no other history says a word to them."""
    session.add(Area(code=area, name=area, nation=nation, policy_profile="national-baseline"))
    session.flush()
    session.add_all(Post(area=area, role=role, agency=agency) for role, agency in POSTS.items())


def check(history: History) -> None:
    """Checks every rung, every message and every ladder of the history against the laws."""
    rungs = history.rungs()
    for rung in rungs:
        if rung.state == "fired":
            assert rung.lines == len(rung.tells), "each post that a rung tells has exactly one line"
            assert rung.said + rung.waiting + rung.withdrawn >= rung.lines, "a line is said, waits, or has its reason"
            assert rung.waiting == 0 or rung.waits_until > history.now, "what waits, waits for a later morning"
            assert not (rung.danger and rung.waiting), "danger does not wait"
        elif rung.state == "cancelled":
            assert rung.reason
            assert rung.lines == 0
        else:
            assert rung.fire_at > history.now
    for one in history.watched:
        its_own = [rung for rung in rungs if rung.subject_id == one.subject.subject_id]
        waiting = [rung for rung in its_own if rung.state == "scheduled"]
        assert bool(waiting) is not one.reviewed, "a ladder ends when somebody looks, never by itself"
        assert {rung.due_version for rung in waiting} <= {one.version}
        assert not (one.reviewed and any(rung.waiting for rung in its_own)), "nothing is said after a review"
    check_messages(history)


def check_messages(history: History) -> None:
    """No post has two digests on a day, each is said on a working day from nine on, and none is empty."""
    calendar = working_days_of(history.nation)
    digests = [one for one in history.messages() if one.kind == "digest"]
    assert set(Counter((one.role, one.agency, one.day) for one in digests).values()) <= {1}
    for one in digests:
        assert calendar.is_open(one.day)
        assert one.said_at >= london_instant(one.day, 9)
    for one in history.messages():
        assert one.lines > 0
        assert one.type == f"reminder.{one.kind}"


def play_out(
    setup: DeliverySetup, nation: Nation, owner: str | None, dues: list[Deadline], steps: list[Any]
) -> History:
    history = a_history(setup, nation, owner, dues)
    for what, how in steps:
        history.play(what, how)
    history.sweep()
    check(history)
    for at in AFTER_EVERY_DEADLINE:
        history.now = at
        history.sweep()
        check(history)
        history.check_nothing_late_is_silent()
    history.work_on(8)
    check(history)
    return history


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nation=NATIONS, owner=OWNERS, dues=st.lists(DUES, min_size=4, max_size=4), steps=HISTORIES)
def test_every_rung_of_every_history_ends_in_one_line_for_each_post_or_one_reason(
    setup: DeliverySetup, nation: Nation, owner: str | None, dues: list[Deadline], steps: list[Any]
) -> None:
    play_out(setup, nation, owner, dues, steps)


@pytest.mark.proof
def test_every_rung_of_a_thousand_histories_ends_in_one_line_for_each_post_or_one_reason(setup: DeliverySetup) -> None:
    silences: list[int] = []

    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(nation=NATIONS, owner=OWNERS, dues=st.lists(DUES, min_size=4, max_size=4), steps=HISTORIES)
    def each(nation: Nation, owner: str | None, dues: list[Deadline], steps: list[Any]) -> None:
        silences.extend(play_out(setup, nation, owner, dues, steps).silences)

    each()

    histories = len({row["area"] for row in setup.rows("reminder_timer")})
    save_measurement(
        "ladder_histories",
        histories,
        histories=histories,
        rungs=len(setup.rows("reminder_timer")),
        lines=len(setup.rows("reminder_line")),
        messages=len(setup.rows("reminder_message")),
        exceptions=0,
        mornings=len(silences),
        silent=0,
        longest_silence=max(silences),
    )

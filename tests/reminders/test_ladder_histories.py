"""Whatever happens to an action, each rung of each version of its deadline ends in one event or one recorded reason."""

import secrets
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.outbox.models import Event
from app.reminders.deadline import Deadline
from app.reminders.models import ReminderTimer
from app.reminders.service import ReminderSubject, cancel_ladder, redate_ladder, set_ladder
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Nation, SubjectType
from tests.webhooks.builders import AREA, DeliverySetup
from tests.webhooks.measurements import save_measurement

START = datetime(2026, 1, 1, tzinfo=UTC)
AFTER_EVERY_DEADLINE = [datetime(2030, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=1095)).map(lambda since: START + since)
DUES = st.one_of(
    st.builds(Deadline, DAYS, st.none(), st.booleans()),
    st.builds(Deadline, st.none(), INSTANTS, st.booleans()),
)
STEPS = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 60 * 24 * 40)),
    st.tuples(st.just("clock back"), st.integers(1, 120)),
    st.tuples(st.just("sweep"), st.just(0)),
    st.tuples(st.just("sweep twice"), st.just(0)),
    st.tuples(st.just("redate"), DUES),
    st.tuples(st.just("review"), st.just(0)),
)
HISTORIES = st.lists(STEPS, min_size=1, max_size=12)
NATIONS = st.sampled_from(Nation)
OWNERS = st.sampled_from(["HOUSING", None])


class History:
    """The history of one action, played step by step."""

    def __init__(self, setup: DeliverySetup, nation: Nation, owner: str | None, due: Deadline) -> None:
        self.setup, self.now, self.version, self.reviewed = setup, START, 1, False
        subject = f"act_{secrets.token_hex(16)}"
        self.subject = ReminderSubject(SubjectType.ACTION, subject, None, AREA, nation, owner, "HOUSING")
        setup.in_system(lambda session: set_ladder(session, self.subject, due, 1, self.now))

    def play(self, what: str, how: object) -> None:
        if isinstance(how, Deadline) and not self.reviewed:
            self.version += 1
            self._do(redate_ladder, self.subject, how, self.version)
        elif what == "review":
            self.reviewed = True
            self._do(cancel_ladder, self.subject.subject_id, "reviewed")
        elif what.startswith("sweep"):
            for _ in range(2 if what == "sweep twice" else 1):
                self.sweep()
        elif isinstance(how, int):
            self.now += timedelta(minutes=how if what == "pass" else -how)

    def sweep(self) -> None:
        before = len(self.events())
        self._do(fire_due_reminders)
        assert len(self.events()) <= before + 1, "one sweep says at most one thing of a subject"

    def _do(self, act: object, *arguments: object) -> None:
        self.setup.in_system(lambda session: act(session, *arguments, self.now))  # type: ignore[operator]

    def timers(self) -> list[ReminderTimer]:
        """Every timer that the action ever had, the oldest version of its deadline first."""
        statement = (
            select(ReminderTimer)
            .where(ReminderTimer.subject_id == self.subject.subject_id)
            .order_by(ReminderTimer.due_version, ReminderTimer.rung)
        )
        return list(self.setup.in_system(lambda session: session.scalars(statement).all()))

    def events(self) -> list[str]:
        statement = select(Event.dedupe_key).where(Event.subject_id == self.subject.subject_id)
        return list(self.setup.in_system(lambda session: session.scalars(statement).all()))


def check(history: History) -> None:
    """Each rung is one event, is merged into one, or has its reason; no event is doubled, and the ladder never ends."""
    timers, events = history.timers(), history.events()
    fired = {f"reminder:{t.subject_id}:{t.due_version}:{t.rung}" for t in timers if t.state == "fired"}
    assert sorted(events) == sorted(fired)
    spoken_for = {(t.due_version, t.rung) for t in timers if t.state == "fired"}
    for timer in timers:
        if timer.state == "merged":
            assert (timer.due_version, timer.merged_into) in spoken_for
        elif timer.state == "cancelled":
            assert timer.reason
        elif timer.state == "scheduled":
            assert timer.fire_at > history.now
            assert timer.due_version == history.version
    waiting = [timer for timer in timers if timer.state == "scheduled"]
    assert bool(waiting) is not history.reviewed, "a ladder ends when somebody looks, never by itself"
    if waiting:
        highest = max(timer.rung for timer in timers if timer.due_version == history.version)
        assert waiting[-1].rung == highest


def play_out(
    setup: DeliverySetup, nation: Nation, owner: str | None, due: Deadline, steps: list[tuple[str, object]]
) -> None:
    history = History(setup, nation, owner, due)
    for what, how in steps:
        history.play(what, how)
    history.sweep()
    check(history)
    said = len(history.events())
    for at in AFTER_EVERY_DEADLINE:
        history.now = at
        history.sweep()
        check(history)
    states = Counter(timer.state for timer in history.timers())
    assert states["scheduled"] == (0 if history.reviewed else 1)
    assert len(history.events()) == said + (0 if history.reviewed else len(AFTER_EVERY_DEADLINE))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nation=NATIONS, owner=OWNERS, due=DUES, steps=HISTORIES)
def test_every_rung_of_every_history_ends_in_one_event_or_one_reason(
    setup: DeliverySetup, nation: Nation, owner: str | None, due: Deadline, steps: list[tuple[str, object]]
) -> None:
    play_out(setup, nation, owner, due, steps)


@pytest.mark.proof
def test_every_rung_of_a_thousand_histories_ends_in_one_event_or_one_reason(setup: DeliverySetup) -> None:
    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(nation=NATIONS, owner=OWNERS, due=DUES, steps=HISTORIES)
    def each(nation: Nation, owner: str | None, due: Deadline, steps: list[tuple[str, object]]) -> None:
        play_out(setup, nation, owner, due, steps)

    each()

    histories = len({timer["subject_id"] for timer in setup.rows("reminder_timer")})
    save_measurement("ladder_histories", histories, histories=histories, exceptions=0)

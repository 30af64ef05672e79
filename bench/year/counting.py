"""Reads what a play left in the service's rows, each kind in one statement. The counting itself is `figures`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

# One row for each post that a message tells. An item is a subject; a line is an item of the owner's or, above the
# owner, a case.
MESSAGES = text("""
    SELECT m.event_id, m.kind, m.role, m.agency, m.said_at, count(DISTINCT t.subject_id) AS items,
        count(DISTINCT t.subject_id) FILTER (WHERE l.tells = 'OWNER')
            + count(DISTINCT l.about) FILTER (WHERE l.tells <> 'OWNER') AS lines
    FROM reminder_message m LEFT JOIN reminder_line l ON l.message_id = m.id
    LEFT JOIN reminder_timer t ON t.id = l.timer_id
    GROUP BY m.id
""")
EVENTS = text("""
    SELECT agency, (e.occurred_at AT TIME ZONE 'Europe/London')::date AS day, count(*) AS events
    FROM event e CROSS JOIN LATERAL unnest(e.agencies) AS agency GROUP BY 1, 2
""")
ANSWERS = text("""
    SELECT p.forum, a.state, p.proposed_at AS asked_at, a.answered_at
    FROM proposal p JOIN proposal_answer a ON a.proposal_id = p.id
""")
REVIEWS = text("""
    SELECT r.reported_at, (
        SELECT min(v.reviewed_at) FROM action_review v WHERE v.report_id = r.id
    ) AS reviewed_at
    FROM action_report r WHERE r.outcome <> 'DECLINED_BY_RECIPIENT'
""")
# The first date of each action, and the first thing that settled it: a report, what is on record, a new date.
ACTIONS = text("""
    WITH first_date AS (
        SELECT DISTINCT ON (subject_id) subject_id, due_on, due_at FROM reminder_timer
        WHERE subject_type = 'action' ORDER BY subject_id, due_version
    ), settled AS (
        SELECT action_id, min(at) AS at FROM (
            SELECT action_id, reported_at AS at FROM action_report
            UNION ALL SELECT action_id, changed_at FROM action_change WHERE what = 'ended'
            UNION ALL SELECT action_id, reviewed_at FROM action_review WHERE verdict = 'CONTINUES'
        ) AS any_of GROUP BY action_id
    )
    SELECT a.duty, a.created_at, d.due_on, d.due_at, s.at AS settled_at
    FROM action a JOIN first_date d ON d.subject_id = a.id LEFT JOIN settled s ON s.action_id = a.id
""")
DEADLINES = text("""
    SELECT t.subject_id, t.due_version, min(t.due_on) AS due_on, min(t.due_at) AS due_at,
        CASE WHEN bool_or(t.state = 'scheduled') THEN NULL
            ELSE max(coalesce(t.withdrawn_at, t.cancelled_at)) END AS settled_at,
        array_remove(array_agg(DISTINCT m.said_at), NULL) AS said_at
    FROM reminder_timer t LEFT JOIN reminder_line l ON l.timer_id = t.id
    LEFT JOIN reminder_message m ON m.id = l.message_id
    GROUP BY t.subject_id, t.due_version
""")
CALLED_ABOUT = text("""
    SELECT coalesce(split_part(t.duty, ':', 1), 'agreed at a meeting') AS duty, count(DISTINCT m.event_id) AS calls
    FROM reminder_message m JOIN reminder_line l ON l.message_id = m.id JOIN reminder_timer t ON t.id = l.timer_id
    WHERE m.kind = 'danger' AND m.said_at >= :since GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8
""")
# What the co-ordinator's digests are made of. A report to review is reminded of in the co-ordinator's name.
READ_BY_COORDINATOR = text("""
    SELECT CASE
            WHEN l.tells <> 'OWNER' THEN 'cases of others that are late'
            WHEN a.owner_role <> t.owner_role THEN 'reports of others to review'
            WHEN t.subject_type = 'action' THEN 'own duties'
            ELSE 'questions and proposals to answer'
        END AS what,
        count(DISTINCT (m.id, CASE WHEN l.tells = 'OWNER' THEN t.subject_id ELSE l.about END)) AS lines
    FROM reminder_message m JOIN reminder_line l ON l.message_id = m.id JOIN reminder_timer t ON t.id = l.timer_id
    LEFT JOIN action a ON a.id = t.subject_id
    WHERE m.kind = 'digest' AND m.role = 'MARAC_COORDINATOR' AND m.said_at >= :since GROUP BY 1 ORDER BY 2 DESC, 1
""")


@dataclass(frozen=True, slots=True)
class ToldPost:
    """A digest or a danger call, as one post is told it."""

    event_id: str
    kind: str
    role: str
    agency: str | None
    said_at: datetime
    items: int
    lines: int


@dataclass(frozen=True, slots=True)
class EventsOfDay:
    """How many events an agency is told on a London day, reminders among them."""

    agency: str
    day: date
    events: int


@dataclass(frozen=True, slots=True)
class AnsweredProposal:
    """A proposal and how it ended."""

    forum: str
    state: str
    asked_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewedReport:
    """A report that waits for a second person, or waited."""

    reported_at: datetime
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatedAction:
    """An action with its first date, and when it was first settled."""

    duty: str | None
    created_at: datetime
    due_on: date | None
    due_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SaidDeadline:
    """A deadline, when it was settled, and every instant at which some post was told of it."""

    subject_id: str
    due_version: int
    due_on: date | None
    due_at: datetime | None
    settled_at: datetime | None
    said_at: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that the figures are counted from."""

    messages: Sequence[ToldPost]
    events: Sequence[EventsOfDay]
    answers: Sequence[AnsweredProposal]
    reviews: Sequence[ReviewedReport]
    actions: Sequence[DatedAction]
    deadlines: Sequence[SaidDeadline]
    called_about: Sequence[tuple[str, int]]
    read_by_coordinator: Sequence[tuple[str, int]]


def told_posts(session: Session) -> list[ToldPost]:
    """Every message for every post that it tells. One event that tells several posts is several of these."""
    return [ToldPost(**row) for row in session.execute(MESSAGES).mappings()]


def read_rows(session: Session, since: datetime) -> Rows:
    """Reads all of them. The session sees every row."""
    return Rows(
        told_posts(session),
        [EventsOfDay(**row) for row in session.execute(EVENTS).mappings()],
        [AnsweredProposal(**row) for row in session.execute(ANSWERS).mappings()],
        [ReviewedReport(**row) for row in session.execute(REVIEWS).mappings()],
        [DatedAction(**row) for row in session.execute(ACTIONS).mappings()],
        [SaidDeadline(**row) for row in session.execute(DEADLINES).mappings()],
        [(row.duty, row.calls) for row in session.execute(CALLED_ABOUT, {"since": since})],
        [(row.what, row.lines) for row in session.execute(READ_BY_COORDINATOR, {"since": since})],
    )

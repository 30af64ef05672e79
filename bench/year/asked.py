"""What is asked of people at a moment, from the rows that the inbox is made of: an inbox does not say what is new.

Only *what* is asked and by when is read here. What people do about it they do over HTTP.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import london_instant

ACT, REVIEW, CAME_BACK, ANSWER, LOOK_UP = "act", "review", "came back", "answer", "look up"
WAITING: Mapping[str, TextClause] = {
    "actions": text("SELECT id, due_version AS version FROM action WHERE state IN ('OPEN', 'REPORTED', 'RETURNED')"),
    "proposals": text("SELECT id, 1 AS version FROM proposal WHERE state = 'PROPOSED'"),
    "enquiries": text(
        "SELECT enquiry_id AS id, extract(epoch FROM max(asked_at))::bigint AS version FROM enquiry_item"
        " WHERE ended_at IS NULL GROUP BY enquiry_id"
    ),
}
"""What waits for somebody: its id, and a number that changes when it is asked anew."""
DETAILS: Mapping[str, TextClause] = {
    "actions": text("""
        SELECT a.id, a.due_version AS version, a.state, a.owner_agency AS agency, a.owner_role AS role, a.case_id,
            coalesce(a.duty, a.what) AS duty, a.sort_at AS late_from,
            c.victim_ref || ' ' || coalesce(c.perpetrator_ref, '') AS people, r.review_by, r.reported_by
        FROM action a JOIN case_file c ON c.id = a.case_id
        LEFT JOIN LATERAL (
            SELECT review_by, reported_by FROM action_report WHERE action_id = a.id ORDER BY reported_at DESC LIMIT 1
        ) r ON a.state <> 'OPEN'
        WHERE a.id = ANY (:ids) ORDER BY people, a.duty, a.owner_agency, a.created_at
    """),
    "proposals": text("""
        SELECT p.id, 1 AS version, p.state, p.agency, p.role, p.case_id, p.kind || ' ' || p.forum AS duty,
            p.answer_by AS late_from, c.victim_ref || ' ' || coalesce(c.perpetrator_ref, '') AS people,
            NULL AS review_by, NULL AS reported_by
        FROM proposal p JOIN case_file c ON c.id = p.case_id WHERE p.id = ANY (:ids) ORDER BY people, p.kind, p.forum
    """),
    "enquiries": text("""
        SELECT e.id, extract(epoch FROM max(i.asked_at))::bigint AS version, 'ASKED' AS state, e.agency, e.role,
            e.case_id, e.role AS duty, min(i.due_at) AS late_from,
            c.victim_ref || ' ' || coalesce(c.perpetrator_ref, '') AS people, NULL AS review_by, NULL AS reported_by
        FROM enquiry e JOIN enquiry_item i ON i.enquiry_id = e.id JOIN case_file c ON c.id = e.case_id
        WHERE i.ended_at IS NULL AND e.id = ANY (:ids) GROUP BY e.id, c.id ORDER BY people, e.role
    """),
}
KINDS = {"OPEN": ACT, "REPORTED": REVIEW, "RETURNED": CAME_BACK, "PROPOSED": ANSWER, "ASKED": LOOK_UP}
VERSIONS = text("SELECT id, due_version, state, version FROM action WHERE id = ANY (:ids)")
AN_ID = re.compile(r"\b[a-z]{3,5}_\w+")
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that one post is asked. `version` tells a new date from the one before; `words` name it in any run."""

    kind: str
    id: str
    version: int
    agency: str | None
    role: str
    case_id: str
    duty: str
    late_from: datetime
    words: str
    reported_by: str | None

    @property
    def key(self) -> Key:
        """What tells this question from every other."""
        return self.id, self.version


def newly_asked(sessions: sessionmaker[Session], known: set[Key]) -> list[Asked]:
    """Everything that is asked and not known yet, in an order that is the same in every run. It becomes known."""
    with sessions.begin() as session:
        scope_to_system(session)
        found = [one for kind in WAITING for one in _new_of_kind(session, kind, known)]
    known.update(one.key for one in found)
    return found


def open_versions(sessions: sessionmaker[Session], wanted: Sequence[Asked]) -> dict[Key, int]:
    """The version for `If-Match` of each of these actions that is still asked as it was, by its key."""
    kinds = {one.key: one.kind for one in wanted}
    with sessions.begin() as session:
        scope_to_system(session)
        rows = session.execute(VERSIONS, {"ids": [one.id for one in wanted]}).all()
    return {
        (row.id, row.due_version): row.version
        for row in rows
        if kinds.get((row.id, row.due_version)) == KINDS.get(row.state)
    }


def _new_of_kind(session: Session, kind: str, known: set[Key]) -> list[Asked]:
    ids = [row.id for row in session.execute(WAITING[kind]) if (row.id, row.version) not in known]
    if not ids:
        return []
    return [_of_row(row) for row in session.execute(DETAILS[kind], {"ids": ids}).mappings()]


def _of_row(row: RowMapping) -> Asked:
    kind, review_by = KINDS[row["state"]], row["review_by"]
    late_from = london_instant(review_by, 23, 59) if review_by else row["late_from"]
    said = f"{row['people']} {kind} {row['agency']} {row['role']} {row['duty']} {late_from.isoformat()}"
    of_post = {name: row[name] for name in ("id", "version", "agency", "role", "case_id", "duty", "reported_by")}
    return Asked(kind=kind, late_from=late_from, words=AN_ID.sub("", said), **of_post)

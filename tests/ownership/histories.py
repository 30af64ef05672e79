"""What people can do to a case, in any order and at the same time: each move is one call over HTTP.

A move is plain data, so that a failing history can be printed, shrunk and replayed. It names its object by where it
stands ("the second waiting proposal"), never by id, and it may be wrong: refusals are part of the history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.outcomes.notice_return import return_notices
from app.foundation.clock import SettableClock
from app.ownership.proposals.expiry import expire_overdue
from tests.ending import confirm, refuse, say_that_it_ends
from tests.given import Caller, Callers, a_serial_perpetrator, an_incident

REASON = "Said in the course of a history that nobody planned"
REFUSED = {403, 404, 409, 422}
ANSWERS = ("accept", "accept", "decline", "decline", "withdraw")
QUESTIONS = ("propose", "propose", "override")
NEWS = ("incident", "facts", "second_victim")
PARTINGS = ("end", "end", "discharge")
REMOVALS = ("transfer", "take", "take", "turn_down")
DELAYS = ("wait", "silence", "silence", "act")
FORUMS = ("MAPPA_L3", "MAPPA_L2", "MAPPA_L1_LEAD_AGENCY", "MATAC", "PDP", "HUB", "MARAC", "REFERRING_AGENCY")
CODES: tuple[Mapping[str, Any], ...] = (
    {"code": "CAPACITY"},
    {"code": "BELOW_THRESHOLD"},
    {"code": "MANAGED_ELSEWHERE", "claimed_forum": "MAPPA_L1_LEAD_AGENCY"},
    {"code": "MANAGED_ELSEWHERE", "claimed_forum": "MARAC"},
    {"code": "INSUFFICIENT_INFO", "missing": ["The licence conditions"]},
    {"code": "OUT_OF_AREA", "to_area": "BORDER"},
)
ENDINGS: tuple[Mapping[str, Any], ...] = (
    {"reason": "RISK_RESOLVED", "occurred_on": "2026-03-10"},
    {"reason": "DECEASED", "occurred_on": "2026-03-10"},
    {"reason": "CUSTODY_NO_RELEASE", "occurred_on": "2026-03-10"},
    {"reason": "MOVED", "transfer_id": "trf_0123"},
)
CARRIED = {
    "to_area": "BORDER",
    "plan": "Weekly contact; locks changed",
    "minutes": "Not heard yet by any meeting",
    "idva_handover": "Mornings only, by the number the victim gave",
}


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody does, to which of the objects there are, and how. `honest`: by whoever may; otherwise by anyone."""

    kind: str
    which: int
    how: int
    honest: bool


def moves_of(*kinds: str) -> st.SearchStrategy[Move]:
    """Moves of these kinds, most of them made by whoever may make them."""
    return st.builds(
        Move,
        st.sampled_from(kinds),
        st.integers(0, 5),
        st.integers(0, 20),
        st.sampled_from([True, True, True, True, False]),
    )


any_move = moves_of(*ANSWERS, *QUESTIONS, *NEWS, *PARTINGS, *REMOVALS, *DELAYS)


@dataclass(slots=True)
class World:
    """Two areas, their callers, a clock that can be put forward, and one perpetrator whom everybody is asked about."""

    here: Callers
    there: Callers
    engine: Engine
    sessions: sessionmaker[Session]
    clock: SettableClock
    seen: list[int] = field(default_factory=list)

    def begin(self) -> None:
        """The first referral is in."""
        self._read(self.here.hub.post("/v1/referrals", a_serial_perpetrator()))

    def make(self, move: Move) -> None:
        """The move is made, or refused; never does it fail."""
        getattr(self, f"_{move.kind}")(move)

    def tick(self) -> None:
        """A second passes, so that what came after can be told from what came before."""
        self.clock.set(self.clock.now() + timedelta(seconds=1))

    def ask(self, query: str) -> list[Any]:
        """Rows straight from the database, in an order that does not hang on random ids."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)))

    def _one(self, query: str, which: int) -> Any:
        rows = self.ask(query)
        return rows[which % len(rows)] if rows else None

    def _read(self, answer: Any) -> None:
        assert answer.status_code == 201 or answer.status_code in REFUSED, answer.text
        self.seen.append(answer.status_code)

    def _anyone(self, how: int) -> Caller:
        everyone = [getattr(area, name) for area in (self.here, self.there) for name in Callers.__slots__]
        caller: Caller = everyone[how % len(everyone)]
        return caller

    def _of(self, agency: str | None, *, chair: bool = False) -> Caller:
        area, _, kind = (agency or "ANYTOWN-MARAC").partition("-")
        names = {
            "POLICE": "hub", "MARAC": "chair" if chair else "coordinator", "MATAC": "matac",
            "PROBATION": "probation", "MAPPA": "mappa", "IDVA": "idva", "COUNCIL": "council",
        }  # fmt: skip
        caller: Caller = getattr(self.there if area == "BORDER" else self.here, names.get(kind, "chair"))
        return caller

    def _proposal(self, which: int) -> Any:
        return self._one(
            "SELECT p.* FROM proposal p JOIN need n ON n.id = p.need_id WHERE p.state = 'PROPOSED' "
            "ORDER BY n.number, p.kind, p.forum",
            which,
        )

    def _need(self, which: int) -> Any:
        return self._one(
            "SELECT n.id, n.kind, o.agency, o.forum FROM need n JOIN ownership o ON o.need_number = n.number "
            "AND upper_inf(o.during) ORDER BY n.number",
            which,
        )

    def _forum(self, need_id: str, move: Move) -> str:
        """Any forum; every other time one that has said no, which is where going round in circles begins."""
        refused = self.ask(
            "SELECT DISTINCT forum FROM proposal WHERE state IN ('DECLINED', 'EXPIRED') "
            f"AND need_id = '{need_id}' ORDER BY forum"
        )
        choice = [row.forum for row in refused] if move.how % 2 and refused else FORUMS
        return str(choice[move.how // 2 % len(choice)])

    def _case(self, which: int) -> Any:
        return self._one("SELECT * FROM case_file ORDER BY opened_at, victim_ref", which)

    def _accept(self, move: Move) -> None:
        if found := self._proposal(move.which):
            who = self._of(found.agency) if move.honest else self._anyone(move.how)
            self._read(who.post(f"/v1/proposals/{found.id}/acceptances", {}))

    def _decline(self, move: Move) -> None:
        if found := self._proposal(move.which):
            who = self._of(found.agency) if move.honest else self._anyone(move.how)
            said = {"reason": REASON, **CODES[move.how % len(CODES)]}
            self._read(who.post(f"/v1/proposals/{found.id}/declines", said))

    def _withdraw(self, move: Move) -> None:
        if found := self._proposal(move.which):
            who = self._of(found.sender_agency) if move.honest else self._anyone(move.how)
            self._read(who.post(f"/v1/proposals/{found.id}/withdrawals", {"reason": REASON}))

    def _propose(self, move: Move) -> None:
        if found := self._need(move.which):
            who = self.here.chair if move.honest else self._anyone(move.how)
            sent = {"forum": self._forum(found.id, move), "reason": REASON}
            self._read(who.post(f"/v1/needs/{found.id}/proposals", sent))

    def _override(self, move: Move) -> None:
        if found := self._need(move.which):
            who = self.here.chair if move.honest else self._anyone(move.how)
            sent = {"forum": self._forum(found.id, move), "reason": REASON}
            self._read(who.post(f"/v1/needs/{found.id}/overrides", sent))

    def _end(self, move: Move) -> None:
        if found := self._need(move.which):
            who = self._of(found.agency, chair=True) if move.honest else self._anyone(move.how)
            unfinished = [row.id for row in self.ask("SELECT id FROM action WHERE state <> 'REVIEWED'")]
            sent = {"note": REASON, **ENDINGS[move.how % len(ENDINGS)]}
            if move.how % 3:
                sent["actions_continue"] = unfinished[:500]
            self._read(say_that_it_ends(who, found.id, sent))
        if waiting := self._one("SELECT * FROM asked_ending WHERE state = 'PROPOSED' ORDER BY asked_at, need_id", 0):
            second = self._of(waiting.agency) if move.how % 4 else self._anyone(move.how)
            answer = refuse if move.how % 5 == 0 else confirm
            self._read(answer(second, waiting.id))

    def _transfer(self, move: Move) -> None:
        if found := self._case(move.which):
            who = self.here.coordinator if move.honest else self._anyone(move.how)
            self._read(who.post(f"/v1/cases/{found.id}/transfers", CARRIED))

    def _waiting_transfer(self, which: int) -> Any:
        return self._one("SELECT * FROM transfer WHERE state = 'PROPOSED' ORDER BY requested_at, need_id", which)

    def _take(self, move: Move) -> None:
        if not self._waiting_transfer(move.which):
            self._transfer(move)
        if found := self._waiting_transfer(move.which):
            who = self.there.coordinator if move.honest else self._anyone(move.how)
            self._read(who.post(f"/v1/transfers/{found.id}/acceptances", {}))

    def _turn_down(self, move: Move) -> None:
        if found := self._waiting_transfer(move.which):
            who = self.there.chair if move.honest else self._anyone(move.how)
            self._read(who.post(f"/v1/transfers/{found.id}/declines", {"reason": REASON}))

    def _referral(self, which: int) -> Any:
        return self._one("SELECT * FROM referral ORDER BY received_at, source_reference", which)

    def _incident(self, move: Move) -> None:
        if found := self._referral(move.which):
            incident = an_incident(self._stamp(timedelta(hours=-1)))
            sent = {"incident": incident}
            self._read(self.here.hub.post(f"/v1/referrals/{found.id}/incidents", sent))

    def _facts(self, move: Move) -> None:
        if found := self._referral(move.which):
            learned = {"perpetrator": {"in_custody": move.how % 2 == 0, "missed_supervision": move.how % 3 == 0}}
            self._read(self.here.hub.post(f"/v1/referrals/{found.id}/facts", learned))

    def _second_victim(self, move: Move) -> None:
        victim = {"ref": f"V-{move.how % 2}", "age": 29}
        sent = a_serial_perpetrator(
            source_reference=f"DV-{move.how % 2}", victim=victim, source_system=f"S-{move.which}"
        )
        self._read(self.here.hub.post("/v1/referrals", sent))

    def _discharge(self, move: Move) -> None:
        if found := self._case(move.which):
            who = self.here.chair if move.honest else self._anyone(move.how)
            unfinished = [row.id for row in self.ask("SELECT id FROM action WHERE state <> 'REVIEWED'")]
            sent = {"plan": "Weekly contact goes on as agreed", "actions_continue": unfinished[:200]}
            self._read(who.post(f"/v1/cases/{found.id}/discharges", sent))

    def _act(self, move: Move) -> None:
        if found := self._case(move.which):
            sent = {
                "what": "Visit the perpetrator at the bail address every week",
                "owner_agency": "ANYTOWN-POLICE",
                "owner_role": "PVP_HUB",
                "recipient": "The perpetrator",
                "done_when": "Each week's visit is recorded",
                "about": "PERPETRATOR",
                "due_on": f"{self.clock.now() + timedelta(days=3):%Y-%m-%d}",
            }
            self._read(self.here.chair.post(f"/v1/cases/{found.id}/actions", sent))

    def _wait(self, move: Move) -> None:
        self.clock.set(self.clock.now() + timedelta(hours=1 + 7 * move.how))
        with self.sessions.begin() as session:
            scope_to_system(session)
            while return_notices(session, self.clock.now()):
                pass

    def _silence(self, move: Move) -> None:
        self.clock.set(self.clock.now() + timedelta(days=4 + move.which))
        with self.sessions.begin() as session:
            scope_to_system(session)
            expire_overdue(session, self.clock.now())

    def _stamp(self, ahead: timedelta) -> str:
        at: datetime = self.clock.now() + ahead
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"

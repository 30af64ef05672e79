"""L7: no later report, of any grade or author, ends a protection or lowers an answer without a named person's act.

L4, in the same histories: both needs have exactly one accepted owner throughout.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.referrals.schemas.assessment import READ_BESIDE_ANSWERS
from app.routing.facts.answers.questions import DASH24
from app.routing.policy.vocabulary import DashAnswer
from tests.given import Caller, a_referral
from tests.ownership.actions_kept_right import wrong_actions
from tests.ownership.histories import REASON, World
from tests.ownership.invariants import broken

SMALL, FULL = 20, 300
RAISED = (
    *("strangulation", "threats_to_kill", "weapon", "stalking", "coercive_control", "separation", "pregnancy"),
    *("isolation", "phone_taken", "perpetrator_answered_phone"),
)
DONE = ("seen", "seen_alone", "both_parties_seen")
GRADES = ("STANDARD", "MEDIUM", "HIGH")
DANGERS = (
    *("red_flag", "judged_high", "home_insecure", "new_relationship", "serious_harm_likely", "residing_together"),
    *("child_affected", "conviction_or_caution", "transferred_in", "repeat"),
)
OF_THE_GRADE = {"MARAC-03", "MARAC-05"}
OF_MARAC = "SELECT id FROM proposal WHERE forum = 'MARAC'"
MET, NOT_MET = ("marac", "matac", "mappa"), {"no", "none", "open"}

flags = st.booleans()
a_grade = st.sampled_from(GRADES)


def some_of(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A section with some of these parts; the others are left out."""
    return st.fixed_dictionaries({}, optional=parts)


def agreeing(assessment: dict[str, Any]) -> dict[str, Any]:
    """The assessment without what contradicts another part of it: such a request is refused.

    DARA has no ticks; beside answers, totals and flags that differ from them are left out.
    """
    left_out = {"unanswered"} if assessment.get("completed") else set()
    left_out |= {"seen_alone"} if assessment.get("seen") is False else set()
    left_out |= {"ticks", "unanswered"} if assessment.get("tool") == "DARA" else set()
    form = {}
    if "answers" in assessment:
        left_out |= {*READ_BESIDE_ANSWERS}
        form = {"tool": "DASH24"}
    return {name: value for name, value in assessment.items() if name not in left_out} | form


an_assessment = some_of(
    answers=some_of(**dict.fromkeys(DASH24, st.sampled_from(DashAnswer))),
    tool=st.sampled_from(["DASH24", "DASH27", "DARA"]),
    ticks=st.integers(0, 20),
    unanswered=st.integers(0, 4),
    completed=flags,
    officer_grade=a_grade,
    hub_grade=a_grade,
    judged_high=flags,
    **dict.fromkeys((*RAISED, *DONE), flags),
).map(agreeing)
# What an author asserts and never denies in these histories: a denial by its own author is that author's act.
asserted = some_of(
    victim=some_of(home_insecure=st.just(True), care_needs=st.just(True)),
    perpetrator=some_of(
        mappa=some_of(level=st.just(1), category=st.just(2)),
        new_relationship=st.just(True),
        serious_harm_likely=st.just(True),
        in_custody=st.just(False),
        escalations=st.lists(
            st.sampled_from(["NEW_RELATIONSHIP", "POLICE_INTELLIGENCE", "MISSED_SUPERVISION"]).map(
                lambda kind: {"kind": kind, "observed_on": "2026-03-01"}
            ),
            max_size=2,
        ),
        convictions=st.sampled_from([[], [{"offence": "actual_bodily_harm", "convicted_on": "2024-05-01"}]]),
    ),
    children=st.lists(
        st.integers(0, 3).map(lambda n: {"ref": f"C-{n}", "age": 4 + n, "in_household": True}), max_size=2
    ),
    orders=st.sampled_from([[], [{"kind": "DVPO", "starts_on": "2026-03-01", "breached": True}]]),
    residing_together=st.just(True),
    route=st.sampled_from(["POLICE_DASH", "TRANSFER", "DVDS_PANEL", "ASB_SCREEN"]),
    marac_history=st.sampled_from([{}, {"last_heard_on": "2025-11-01"}]),
)
# What another author may say: anything, the contrary of all that was asserted and of its own earlier word.
contrary = some_of(
    victim=some_of(home_insecure=flags, care_needs=flags, age=st.integers(0, 80)),
    perpetrator=some_of(
        age=st.integers(0, 80),
        mappa=st.one_of(
            some_of(level=st.integers(1, 3), last_reviewed_on=st.just("2026-03-09")),
            some_of(not_managed=st.just(True), last_reviewed_on=st.just("2026-03-09")),
        ),
        new_relationship=flags,
        serious_harm_likely=flags,
        in_custody=flags,
        escalations=st.just([]),
        convictions=st.just([]),
    ),
    children=st.just([]),
    orders=st.just([]),
    residing_together=flags,
    marac_history=st.just({}),
)
an_event = some_of(
    source_reference=st.sampled_from(["CR-1", "CR-2"]),
    criminal=flags,
    asb_linked=flags,
    victim_ref=st.sampled_from(["V-1", "V-2"]),
)


@dataclass(frozen=True, slots=True)
class LaterReport:
    """A report that comes after the first: how it is sent, by whom, how long after, and what it says."""

    kind: str
    hours: int
    assessment: dict[str, Any]
    event: dict[str, Any]
    asserted: dict[str, Any]
    contrary: dict[str, Any]


a_later_report = st.builds(
    LaterReport,
    st.sampled_from(["referral", "referral", "incident", "incident", "partner", "partner", "accept", "review"]),
    st.integers(1, 30),
    an_assessment,
    an_event,
    asserted,
    contrary,
)


@dataclass(slots=True)
class Floor:
    """What must not fall: outcomes that were met, known dangers, the grade, and protections that were owed."""

    met: set[str] = field(default_factory=set)
    dangers: set[str] = field(default_factory=set)
    grade: int = 0
    protections: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    grounds: set[str] = field(default_factory=set)


def words_of(says: dict[str, Any]) -> dict[str, bool]:
    """The dangers that a report states by their own name, as true or as false."""
    stated = {**says, **says.get("victim", {}), **says.get("perpetrator", {})}
    return {name: stated[name] for name in DANGERS if name in stated}


class Reports:
    """One case, the reports that come about it, and what stands after each."""

    def __init__(self, world: World, first: dict[str, Any]) -> None:
        self.world = world
        self.numbers = count(1)
        self.floor = Floor()
        self.asserting: dict[str, set[str]] = defaultdict(set)
        self.referral_id = self._referral(first)["referral_id"]
        self.case_id = world.ask("SELECT case_id FROM referral")[-1].case_id
        self._raise_floor()

    def receive(self, report: LaterReport) -> None:
        """The report comes, and nothing that stood before has fallen, unless a named person has lowered it."""
        self.world.clock.set(self.world.clock.now() + timedelta(hours=report.hours))
        getattr(self, f"_{report.kind}")(report) if report.kind != "referral" else self._referral(
            {"assessment": report.assessment, "incidents": [self._event(report)], **report.asserted}
        )
        if report.kind == "review":
            self._lowered_by_a_named_person()
        self._nothing_fell()
        self._raise_floor()

    def _lowered_by_a_named_person(self) -> None:
        """A review of a grade lowers what rests on the grade: MARAC's ground, and no count, panel or level.

        A question to MARAC that rested on the grade alone may be taken back; a case that MARAC has accepted stays.
        """
        self.floor.grade = 0
        self.floor.dangers.discard("judged_high")
        if self.floor.grounds <= OF_THE_GRADE:
            self.floor.met.discard("marac")
            self.floor.asked = {row.id for row in self.world.ask(f"{OF_MARAC} AND state = 'ACCEPTED'")}

    def _referral(self, says: dict[str, Any]) -> dict[str, Any]:
        people = {
            "victim": {"ref": "V-1", **says.get("victim", {})},
            "perpetrator": {"ref": "P-1", **says.get("perpetrator", {})},
        }
        self._word("hub", says)
        body = {**a_referral(f"DV-{next(self.numbers)}", assessment={}), **says, **people}
        answer = self.world.here.hub.post("/v1/referrals", body)
        assert answer.status_code == 201, answer.text
        routed: dict[str, Any] = answer.json()
        return routed

    def _event(self, report: LaterReport) -> dict[str, Any]:
        at = f"{self.world.clock.now() - timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}"
        return {"occurred_at": at, "reported_at": at, "force": "ANYTOWN-POLICE", **report.event}

    def _incident(self, report: LaterReport) -> None:
        sent = {"incident": self._event(report), "assessment": report.assessment, **report.asserted}
        sent.pop("route", None)
        self._word("hub", sent)
        answer = self.world.here.hub.post(f"/v1/referrals/{self.referral_id}/incidents", sent)
        assert answer.status_code == 201, answer.text

    def _partner(self, report: LaterReport) -> None:
        sent = {"incident": self._event(report), "assessment": report.assessment, **report.contrary}
        answer = self.world.here.idva.post(f"/v1/cases/{self.case_id}/incidents", sent)
        # An agency that nobody has given a part in the case does not reach it.
        assert answer.status_code in {201, 404}, answer.text
        if answer.status_code == 201:
            self._word("partner", sent)

    def _word(self, author: str, says: dict[str, Any]) -> None:
        """An author takes back its own word only: the danger stays while another author still asserts it."""
        for danger, said in words_of(says).items():
            (self.asserting[danger].add if said else self.asserting[danger].discard)(author)
            if not self.asserting[danger]:
                self.floor.dangers.discard(danger)

    def _accept(self, _: LaterReport) -> None:
        waiting = self.world.ask(f"{OF_MARAC} AND state = 'PROPOSED'")
        for row in waiting[:1]:
            self.world.here.chair.post(f"/v1/proposals/{row.id}/acceptances", {}).raise_for_status()

    def _review(self, _: LaterReport) -> None:
        chair: Caller = self.world.here.chair
        sent = {"grade": "STANDARD", "reason": REASON}
        path = f"/v1/referrals/{self.referral_id}/assessment-reviews"
        chair.post(path, sent, **chair.on_behalf_of("jo.smith")).raise_for_status()

    def _newest(self) -> Any:
        return self.world.ask("SELECT record FROM decision ORDER BY number")[-1].record

    def _standing(self) -> Floor:
        record = self._newest()
        # An outcome that is open is neither met nor lowered when an answer settles it.
        open_now = {one["outcome"] for one in record["open"]}
        # What protects is owed until its own fact is on record, and for no other reason less than before.
        actions = self.world.ask(
            "SELECT id FROM action WHERE life_safety AND (state = 'OPEN' OR outcome = 'DONE_ON_RECORD')"
        )
        asked = self.world.ask(f"{OF_MARAC} AND state IN ('PROPOSED', 'ACCEPTED')")
        grade = record["facts"].get("grade")
        return Floor(
            {name for name in MET if record["outcomes"][name] not in NOT_MET} - open_now,
            {name for name in DANGERS if record["facts"].get(name) is True},
            GRADES.index(grade) if grade else 0,
            {row.id for row in actions},
            {row.id for row in asked},
            set(record["findings"].get("marac", ())),
        )

    def _nothing_fell(self) -> None:
        now = self._standing()
        assert self.floor.met <= now.met, self.floor.met - now.met
        assert self.floor.dangers <= now.dangers, self.floor.dangers - now.dangers
        assert self.floor.grade <= now.grade
        assert self.floor.protections <= now.protections
        assert self.floor.asked <= now.asked
        with self.world.engine.connect() as connection:
            assert not (found := broken(connection)), found
        assert not (wrong := wrong_actions(self.world.sessions)), wrong

    def _raise_floor(self) -> None:
        self.floor = self._standing()


def run(fresh: Callable[[], World], examples: int, most: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # a failing history is short enough to read; shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(first=an_assessment, says=asserted, later=st.lists(a_later_report, min_size=1, max_size=most))
    def histories(first: dict[str, Any], says: dict[str, Any], later: list[LaterReport]) -> None:
        reports = Reports(fresh(begun=False), {"assessment": first, **says})
        for report in later:
            reports.receive(report)

    histories()


def test_law_l7_no_later_report_ends_a_protection_or_lowers_an_answer(fresh: Callable[..., World]) -> None:
    run(fresh, SMALL, most=5)


@pytest.mark.proof
def test_law_l7_no_later_report_lowers_an_answer_in_hundreds_of_histories(fresh: Callable[..., World]) -> None:
    run(fresh, FULL, most=8)

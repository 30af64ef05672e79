"""Plays one history twice: over HTTP with the worker after each act, and in the reference."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.flows.reference import AREAS, NOBODYS, Arrival, Case, History, Report
from tests.flows.telling import Telling, not_dangerous, vars_of
from tests.given import Callers, a_referral, an_incident

VICTIMS = ("1", "2")
A_FACT = st.sampled_from(["danger", "away", "apart", "order", "missed"])
A_LICENCE = st.sampled_from([NOBODYS, *(f"{area}-PROBATION" for area in AREAS)])


@dataclass(frozen=True)
class Act:
    """One act of a hub: it reports the perpetrator, or learns something about its first report of that victim."""

    area: str
    victim: str
    what: str
    facts: frozenset[str] = frozenset()
    licence: str | None = None
    joins: bool = False
    numbered: bool = True


AN_ACT = st.builds(
    Act,
    area=st.sampled_from(AREAS),
    victim=st.sampled_from(VICTIMS),
    what=st.sampled_from(["report", "report", "report", "learn", "another perpetrator"]),
    facts=st.frozensets(A_FACT, max_size=2),
    licence=st.none() | A_LICENCE,
    joins=st.booleans(),
    numbered=st.booleans(),
)


@dataclass
class Play:
    """One history of a perpetrator whom nobody in this database has met, told apart by its `number`."""

    places: Mapping[str, Callers]
    telling: Telling
    number: int
    history: History = field(default_factory=History)
    sent: dict[tuple[str, str], str] = field(default_factory=dict)
    acts: int = 0

    def make(self, act: Act) -> None:
        """Acts over HTTP and in the reference, a minute after the act before, and lets the worker look."""
        self.acts += 1
        self.telling.clock.set(self.telling.clock.now() + timedelta(minutes=1))
        if act.what == "another perpetrator":
            self._report_another(act)
        elif act.what == "learn" and (act.area, act.victim) in self.sent:
            self._learn(act)
        else:
            self._report(act)
        self.telling.tick()
        self.history.settle()

    def arrived(self) -> list[Arrival]:
        """What arrived of this history at any agency, as its receiver reads it."""
        callers = [caller for place in self.places.values() for caller in vars_of(place)]
        shown: dict[str, dict[str, Any]] = {}
        for caller in callers:
            shown |= {one["id"]: one for one in caller.get("/v1/releases", limit=200).json()["items"]}
        of_this = [one for one in shown.values() if (one["perpetrator_ref"] or "").startswith(f"P{self.number}-")]
        return sorted(map(_arrival, of_this))

    def _report(self, act: Act) -> None:
        facts = self._facts(act)
        perpetrator = {"ref": f"P{self.number}-{act.area}", "age": 41, **facts.pop("perpetrator", {})}
        if act.joins:
            perpetrator["identifiers"] = [{"kind": "CRN", "value": f"X{self.number:06d}"}]
            self.history.joined.add(act.area)
        facts.setdefault("assessment", not_dangerous())
        referral = self._send(act, perpetrator, **facts)
        self.sent.setdefault((act.area, act.victim), referral)
        case = self._case(act)
        report = Report(self.acts, act.area, act.victim, act.numbered)
        self.history.reports.append(report)
        self._note(act, case, report)
        if act.licence is not None:
            self.history.licences.setdefault(act.area, set()).add(act.licence)

    def _learn(self, act: Act) -> None:
        facts = self._facts(act)
        referral = self.sent[act.area, act.victim]
        answer = self.places[act.area].hub.post(f"/v1/referrals/{referral}/facts", facts)
        assert answer.status_code == 201, answer.text
        mine = [one for one in self.history.reports if (one.area, one.victim) == (act.area, act.victim)]
        self._note(act, self._case(act), mine[0])
        if act.licence is not None:
            # What is learned later replaces the author's own list, and the case no longer mentions what stood there.
            self.history.licences[act.area] = {act.licence}
            self._case(act).mentions = {act.licence}

    def _report_another(self, act: Act) -> None:
        self._send(act, {"ref": f"OTHER{self.number}-{act.area}", "age": 50}, assessment=not_dangerous())
        if not any((area, victim) == (act.area, act.victim) for area, victim, _ in self.history.others):
            self.history.others.append((act.area, act.victim, self.acts))

    def _send(self, act: Act, perpetrator: dict[str, Any], **facts: Any) -> str:
        crime = {"source_reference": f"CR-{self.number}-{self.acts}"} if act.numbered else {}
        incident = an_incident(force=f"{act.area}-POLICE", **crime)
        victim = {"ref": f"V{self.number}-{act.area}-{act.victim}", "age": 30}
        own = {"area": act.area, "victim": victim, "perpetrator": perpetrator, "incidents": [incident]}
        answer = self.places[act.area].hub.post(
            "/v1/referrals", a_referral(f"DV-{self.number}-{self.acts}", **own | facts)
        )
        assert answer.status_code == 201, answer.text
        referral: str = answer.json()["referral_id"]
        return referral

    def _facts(self, act: Act) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        perpetrator: dict[str, Any] = {"address_approved": False} if "away" in act.facts else {}
        if "missed" in act.facts:
            perpetrator["missed_supervision"] = True
        if act.licence is not None:
            perpetrator["licences"] = [{"kind": "LICENCE"} | ({"service": act.licence} if act.licence else {})]
        if "danger" in act.facts:
            sent["assessment"] = {"strangulation": True}
        if "apart" in act.facts:
            sent["separated_on"] = "2026-02-01"
        if "order" in act.facts:
            sent["orders"] = [{"kind": "NON_MOLESTATION_ORDER"}]
        return sent | ({"perpetrator": perpetrator} if perpetrator else {})

    def _case(self, act: Act) -> Case:
        return self.history.cases.setdefault((act.area, act.victim), Case(act.area, act.victim, self.acts))

    def _note(self, act: Act, case: Case, report: Report) -> None:
        report.danger |= "danger" in act.facts
        report.away |= "away" in act.facts
        case.apart |= "apart" in act.facts
        case.order |= "order" in act.facts
        case.missed |= "missed" in act.facts
        if act.licence is not None:
            case.mentions.add(act.licence)


def _arrival(one: dict[str, Any]) -> Arrival:
    content = one["content"]
    says = {
        "F1": content.get("force", ""),
        "F2": content.get("ring", {}).get("agency") or "nobody's",
        "F3": content.get("protects", ""),
        "F5": content.get("question", ""),
        "F14": content.get("area", "apart"),
        "F15": "look again",
        "F23": content.get("what", ""),
    }
    return Arrival(one["flow"], one["agency"], one["role"], one["form"], one["danger"], says[one["flow"]])


def faults(owed: list[Arrival], arrived: list[Arrival]) -> list[str]:
    """What is owed and did not arrive, and what arrived and is not owed."""
    silences, leaks = Counter(owed) - Counter(arrived), Counter(arrived) - Counter(owed)
    return [*(f"silence: {one}" for one in silences), *(f"leak: {one}" for one in leaks)]

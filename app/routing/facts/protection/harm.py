"""Facts about what the reports of incidents say of harm: who else was hurt, how badly, and why nobody was arrested."""

from datetime import datetime

from app.routing.facts.events import distinct_events, same_person
from app.routing.facts.incident_counts import recent
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import Injury, NotArrestedReason

_YEAR = 12


def others_harmed(case: CaseSnapshot, at: datetime) -> bool:
    """Returns whether the perpetrator harmed somebody else too in an event of the last year; children have duties."""
    known = {case.victim.ref, case.perpetrator.ref, *(child.ref for child in case.children or ())}
    return any(set(one.also_harmed) - known for one in _by_perpetrator(case, at))


def harm_facts(case: CaseSnapshot, at: datetime) -> dict[str, Fact]:
    """Returns the facts about harm; each is read from the incidents kept here and so is always known."""
    of_couple = [one for one in _by_perpetrator(case, at) if same_person(one.victim_ref, case.victim.ref) is not False]
    reasons = [one.not_arrested_reasons for one in of_couple if one.not_arrested_reasons]
    return {
        "others_harmed": others_harmed(case, at),
        "serious_injury": any(one.injury is Injury.SERIOUS for one in of_couple),
        "arrest_left_to_victim": any(NotArrestedReason.VICTIM_DID_NOT_SUPPORT in newest for newest in reasons[-1:]),
    }


def _by_perpetrator(case: CaseSnapshot, at: datetime) -> list[IncidentFacts]:
    events = recent(distinct_events(case.incidents or (), at), at, _YEAR)
    return [one for one in events if same_person(one.perpetrator_ref, case.perpetrator.ref) is not False]

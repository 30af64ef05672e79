"""Says what a late report about a person who died still asks for.

The report is kept and decided, and nobody is sent to the dead.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.intake.duty_ids import ABOUT_THE_CHILDREN
from app.ownership.models import Need
from app.ownership.repository import ending_of_need
from app.routing.comparison.case_difference import parameter_values
from app.routing.facts.perpetrator import perpetrator_facts
from app.routing.facts.risk import risk_facts
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.status import status_facts
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Policy
from app.vocabulary import NeedKind

# The facts that only duties read, by the person whom a question about them concerns.
_VICTIM_SAFETY = frozenset(
    [
        "section_42",
        "victim_supervised",
        "victim_moved",
        "home_insecure",
        "relationship",
        "victim_aware",
        "safe_contact_recorded",
        "residing_together",
        "joint_visit_agreed",
        "dvds_open",
        "dvds_disclosed",
    ]
)
_PERPETRATOR_SAFETY = frozenset(
    [
        "arrested_without_charge",
        "suspect_outstanding",
        "missed_supervision",
        "breach_suspected",
        "address_refused",
        "address_check_requested",
        "crosses_boundary",
        "practitioner_absent",
    ]
)
_WHO = {NeedKind.VICTIM_SAFETY: "victim", NeedKind.PERPETRATOR: "perpetrator"}


def still_owed(duty: str, about: NeedKind | None, deceased: Collection[NeedKind]) -> bool:
    """Returns whether the duty is still owed after these people died.

    After a victim's death the duties about the perpetrator and the children go on, and none about the victim or for a
    forum that would plan the victim's safety.
    """
    if not deceased or duty in ABOUT_THE_CHILDREN:
        return True
    return about not in deceased and (about is not None or NeedKind.VICTIM_SAFETY not in deceased)


def moot_facts(deceased: Collection[NeedKind], snapshot: CaseSnapshot, policy: Policy, now: datetime) -> frozenset[str]:
    """Returns the facts about a person who died."""
    if not deceased:
        return frozenset()
    typed = Parameters(parameter_values(policy))
    about = {
        NeedKind.VICTIM_SAFETY: {*risk_facts(snapshot, now, typed), *_VICTIM_SAFETY},
        NeedKind.PERPETRATOR: {
            *perpetrator_facts(snapshot, now, typed),
            *status_facts(snapshot, now),
            *_PERPETRATOR_SAFETY,
        },
    }
    return frozenset(name for kind in deceased for name in about[kind])


def sentence_about_deceased(session: Session, deceased: Mapping[NeedKind, Need]) -> str | None:
    """Returns one sentence for the sender of a report about a person who died, or None."""
    if not deceased:
        return None
    died = " and ".join(f"the {_WHO[kind]} died{_day_of_death(session, need)}" for kind, need in deceased.items())
    return (
        f"Our records say that {died}: this report is kept and decided on record, "
        "nobody is asked to lead on a person who died and nobody is sent to that person."
    )


def _day_of_death(session: Session, need: Need) -> str:
    ending = ending_of_need(session, need.id)
    return f" on {ending.occurred_on.isoformat()}" if ending and ending.occurred_on else ""

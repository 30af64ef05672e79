"""Says what a late report about a person who died still asks for.

The report is kept and decided, and nobody is sent to the dead.
"""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from app.intake.duty_ids import ABOUT_THE_CHILDREN
from app.ownership.models import Need
from app.ownership.repository import ending_of_need
from app.routing.policy.types import DutyTemplate
from app.vocabulary import NeedKind

_WHO = {NeedKind.VICTIM_SAFETY: "victim", NeedKind.PERPETRATOR: "perpetrator"}


def still_owed(duty: DutyTemplate, deceased: Collection[NeedKind]) -> bool:
    """Returns whether the duty is still owed after these people died.

    After a victim's death the duties about the perpetrator and the children go on, and none about the victim or for a
    forum that would plan the victim's safety. What concerns both people ends with either.
    """
    if not deceased or duty.id in ABOUT_THE_CHILDREN:
        return True
    if duty.about_both:
        return False
    return duty.about not in deceased and (duty.about is not None or NeedKind.VICTIM_SAFETY not in deceased)


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

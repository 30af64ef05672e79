"""The couple, and how the victim can be reached. What is said of it in words stays outside routing."""

from dataclasses import dataclass, field
from datetime import date

from app.routing.policy.vocabulary import (
    ClaimedCriterion,
    ContactChannel,
    PoliceContactWish,
    Relationship,
    SharingGround,
    VictimAwareness,
    VisitRisk,
)


@dataclass(frozen=True, slots=True)
class SafeContact:
    """How the victim is reached safely. `channels` empty: no way is safe; None: no way stands as safe.

    `ways_differ`: agencies have said which are, and name none that all of them name.
    """

    channels: tuple[ContactChannel, ...] | None = None
    message_safe: bool | None = None
    withheld_number: bool | None = None
    ask_agency: str | None = None
    hours_recorded: bool = False
    ways_differ: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """What the couple is to each other and what was stated of contact, consent and the referrer's own claims."""

    relationship: Relationship | None = None
    separated_on: date | None = None
    victim_aware: VictimAwareness | None = None
    safe: SafeContact = field(default_factory=SafeContact)
    also_feared: tuple[str, ...] = ()
    visit_risks: tuple[VisitRisk, ...] = ()
    sharing_grounds: tuple[SharingGround, ...] = ()
    police_contact_wanted: PoliceContactWish | None = None
    criteria_claimed: tuple[ClaimedCriterion, ...] = ()
    referrer_attends: bool | None = None

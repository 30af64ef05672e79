"""Everything that routing may read about one case."""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.routing.facts.snapshot.answers import EarlierAnswer
from app.routing.facts.snapshot.assessment import AssessedReport, Assessment
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.contact import Contact
from app.routing.facts.snapshot.disclosure import Disclosure
from app.routing.facts.snapshot.history import MaracHistory, OwnershipClaim, Refusal
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim
from app.routing.policy.vocabulary import ConsentState, HelpSource, MaracStage, ReferralRoute
from app.vocabulary import Forum, Nation, NeedKind


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """Everything that routing may read about one case at one instant.

    `nation` is that of the area that has the case: its law counts. Claims, refusals, the owners of both needs
    (`current_owner`: of the perpetrator's), whose owner another case or a person's decision keeps (`held_elsewhere`),
    whether another case of the victim waits for MARAC, who died, whether a case of the same two people has the
    opposite roles (`crossed_case`), the MARAC stage, who asked for help, whether MARAC's question ran out of time
    (`marac_clock_ended`) and how many questions nobody answered by then are records of our own: always known.
    `answered` holds the answers of enquiries that no other field can hold, by the name of the fact, and
    `answered_earlier` those that were given about an earlier report. `reports` hold every assessment by its author,
    the oldest first; where there are any, `assessment` and `route` are made of them.
    `referred_on` is the day that the referral gives for its own report, which this service received at `received_at`.
    `disputed` are the JSON pointers of the parts that two authors state differently. `earlier_routes` and
    `left_unanswered`, the most questions that the newest form of an author leaves, are made of the reports too.
    `histories` is what each author says of MARACs elsewhere, where authors differ.
    """

    victim: Victim
    perpetrator: Perpetrator
    assessment: Assessment = field(default_factory=Assessment)
    route: ReferralRoute | None = None
    help_sought_by: HelpSource | None = None
    consent: ConsentState | None = None
    consent_override_reason: str | None = None
    manager_signed_off: bool | None = None
    contact: Contact = field(default_factory=Contact)
    incidents: tuple[IncidentFacts, ...] | None = None
    orders: tuple[Order, ...] | None = None
    children: tuple[Child, ...] | None = None
    marac_history: MaracHistory | None = None
    disclosure: Disclosure | None = None
    claims: tuple[OwnershipClaim, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    current_owner: Forum = Forum.HUB
    victim_owner: Forum = Forum.REFERRING_AGENCY
    held_elsewhere: frozenset[NeedKind] = frozenset()
    marac_elsewhere: bool = False
    deceased: frozenset[NeedKind] = frozenset()
    crossed_case: bool = False
    marac_stage: MaracStage = MaracStage.NOT_REFERRED
    marac_clock_ended: bool = False
    unanswered_questions: int = 0
    working_days_to_hearing: int | None = None
    residing_together: bool | None = None
    dapp_in_area: bool | None = None
    victim_voice_at_mappa: bool | None = None
    protective_order_granted: bool | None = None
    joint_visit_agreed: bool | None = None
    investigation_closing: bool | None = None
    ongoing_event: bool | None = None
    referred_on: date | None = None
    received_at: datetime | None = None
    answered: tuple[tuple[str, bool | int | str], ...] = ()
    answered_earlier: tuple[EarlierAnswer, ...] = ()
    nation: Nation = Nation.ENGLAND
    reports: tuple[AssessedReport, ...] = ()
    disputed: tuple[str, ...] = ()
    earlier_routes: tuple[ReferralRoute | None, ...] = ()
    left_unanswered: int | None = None
    histories: tuple[MaracHistory, ...] = ()

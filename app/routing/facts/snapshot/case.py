"""Everything that routing may read about one case."""

from dataclasses import dataclass, field

from app.routing.facts.snapshot.assessment import AssessedReport, Assessment
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.contact import Contact
from app.routing.facts.snapshot.history import MaracHistory, OwnershipClaim, Refusal
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim
from app.routing.policy.vocabulary import ConsentState, DvdsState, HelpSource, MaracStage, ReferralRoute
from app.vocabulary import Forum


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """Everything that routing may read about one case at one instant.

    Claims, refusals, the current owner, the MARAC stage, who asked for help, whether MARAC's question ran out of time
    (`marac_clock_ended`) and how many questions nobody answered by then are records of our own: always known.
    `answered` holds the answers of enquiries that no other field can hold, by the name of the fact. `reports` hold
    every assessment by its author, the oldest first; where there are any, `assessment` and `route` are made of them.
    `disputed` are the JSON pointers of the parts that two authors state differently.
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
    dvds: DvdsState | None = None
    claims: tuple[OwnershipClaim, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    current_owner: Forum = Forum.HUB
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
    answered: tuple[tuple[str, bool | int | str], ...] = ()
    reports: tuple[AssessedReport, ...] = ()
    disputed: tuple[str, ...] = ()

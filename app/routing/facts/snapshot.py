"""A snapshot: what a referral says and what earlier ones said, as routing receives it.

It holds no rule and no count; `derived` makes those. A field that can be unknown is `X | None`, and None
always means "not known", never "no". Instants are UTC, dates are civil dates in Europe/London, references are
pseudonyms. The module is long because it is one list of fields: whoever fills it sees the whole.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.routing.policy.vocabulary import (
    AssessmentTool,
    ConsentState,
    DvdsState,
    EscalationKind,
    HelpSource,
    IncidentOutcome,
    LicenceKind,
    MaracStage,
    OrderKind,
    PanelStatus,
    ReferralRoute,
    RoshLevel,
    SentenceKind,
)
from app.vocabulary import DeclineCode, Forum, Grade


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """One report of an incident, from any force or agency. Several reports can be of one event: `events` joins them.

    `recorded_at` is when this service received it; None where that is not on record.
    """

    occurred_at: datetime
    reported_at: datetime
    force: str
    victim_ref: str | None
    perpetrator_ref: str | None
    criminal: bool | None = None
    outcome: IncidentOutcome | None = None
    asb_linked: bool | None = None
    source_reference: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Victim:
    """The person at risk in this referral. Roles belong to an incident, not to a person."""

    ref: str
    age: int | None = None
    home_area: str | None = None
    supervised_by: str | None = None
    under_supervision: bool | None = None
    care_needs: bool | None = None
    at_risk_of_abuse: bool | None = None
    unable_to_protect_self: bool | None = None
    home_insecure: bool | None = None
    moved_area: bool | None = None


@dataclass(frozen=True, slots=True)
class Conviction:
    """A conviction or caution; `offence` is a key of `statute.SCHEDULE_15`."""

    offence: str
    convicted_on: date
    sentence: SentenceKind | None = None
    sentence_months: int | None = None
    suspended: bool | None = None
    caution: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence, community order or suspended sentence under supervision."""

    kind: LicenceKind
    starts_on: date | None = None
    ends_on: date | None = None
    service: str | None = None
    practitioner: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Rosh:
    """The risk of serious harm for each group, from the last assessment of probation."""

    public: RoshLevel | None = None
    known_adult: RoshLevel | None = None
    children: RoshLevel | None = None
    staff: RoshLevel | None = None
    assessed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mappa:
    """The person's management under MAPPA; `level` 0 means "known not to be managed"."""

    category: int | None = None
    level: int | None = None
    lead_agency: str | None = None
    area: str | None = None
    last_reviewed_on: date | None = None
    next_review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Panels:
    """The perpetrator's status at each panel. `matac_took_nomination` is a record of our own: always known."""

    iom: PanelStatus | None = None
    matac: PanelStatus | None = None
    dapp: PanelStatus | None = None
    pdp: PanelStatus | None = None
    rfgv_score: int | None = None
    rfgv_rank: int | None = None
    matac_took_nomination: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """One piece of evidence that the risk is higher than when the level was set."""

    kind: EscalationKind
    observed_on: date
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Perpetrator:
    """The person who causes harm; `known` False: nobody is identified yet."""

    ref: str | None = None
    known: bool = True
    age: int | None = None
    home_area: str | None = None
    convictions: tuple[Conviction, ...] | None = None
    notification_requirement: bool | None = None
    hospital_order: bool | None = None
    terrorism_risk: bool | None = None
    licences: tuple[Licence, ...] | None = None
    mappa: Mappa = field(default_factory=Mappa)
    rosh: Rosh = field(default_factory=Rosh)
    panels: Panels = field(default_factory=Panels)
    escalations: tuple[Escalation, ...] | None = None
    custody_periods: tuple[tuple[date, date | None], ...] | None = None
    in_custody: bool | None = None
    release_on: date | None = None
    on_bail: bool | None = None
    suspect_outstanding: bool | None = None
    arrested_without_charge: bool | None = None
    new_relationship: bool | None = None
    serious_harm_likely: bool | None = None
    address_approved: bool | None = None
    address_check_requested: bool | None = None
    missed_supervision: bool | None = None
    breach_suspected: bool | None = None
    crosses_boundary: bool | None = None
    practitioner_absent: bool | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The risk assessment that came with the referral. One without answers is not a low one."""

    tool: AssessmentTool | None = None
    ticks: int | None = None
    unanswered: int | None = None
    officer_grade: Grade | None = None
    hub_grade: Grade | None = None
    judged_high: bool | None = None
    judgement_reason: str | None = None
    completed: bool | None = None
    seen: bool | None = None
    seen_alone: bool | None = None
    both_parties_seen: bool | None = None
    perpetrator_answered_phone: bool | None = None
    phone_taken: bool | None = None
    threats_to_kill: bool | None = None
    strangulation: bool | None = None
    weapon: bool | None = None
    stalking: bool | None = None
    coercive_control: bool | None = None
    separation: bool | None = None
    pregnancy: bool | None = None
    isolation: bool | None = None


@dataclass(frozen=True, slots=True)
class AssessedReport:
    """What one author assessed in one report: a referral, or an incident that was sent later.

    Two authors can assess one report; `id` is the same then.
    """

    id: str
    author: str
    reported_at: datetime
    assessment: Assessment = field(default_factory=Assessment)
    route: ReferralRoute | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A civil or criminal order that protects somebody from the perpetrator."""

    kind: OrderKind
    protected_ref: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    breached: bool | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child in the household or to whom the perpetrator has access."""

    ref: str
    age: int | None = None
    in_household: bool | None = None
    perpetrator_access: bool | None = None
    home_educated: bool | None = None
    known_to_social_care: bool | None = None


@dataclass(frozen=True, slots=True)
class MaracProcess:
    """One time that this service referred the dyad to MARAC.

    `waits_until` is when it was heard or MARAC let it go; None: it waits.
    """

    referred_at: datetime
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MaracHistory:
    """What earlier MARACs did about the same victim and perpetrator (the dyad).

    A known history without a date: the dyad was never referred, or never heard. `heard_elsewhere_undated`: another
    MARAC heard it and nobody has said when. The last dates are those of any MARAC; `processes` and `heard_on` are this
    service's own, the oldest first.
    """

    last_referral_on: date | None = None
    last_heard_on: date | None = None
    open_actions: int | None = None
    heard_elsewhere_undated: bool = False
    referred_elsewhere_on: date | None = None
    heard_elsewhere_on: date | None = None
    processes: tuple[MaracProcess, ...] = ()
    heard_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnershipClaim:
    """A statement that another forum manages the perpetrator. It is checked, and is no reason until it is proved."""

    forum: Forum
    claimed_by: str
    contact: str | None = None
    confirmed_at: datetime | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A forum declined this need on these facts; it is not asked again until they change."""

    forum: Forum
    declined_at: datetime
    code: DeclineCode


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
    safe_contact_recorded: bool | None = None
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

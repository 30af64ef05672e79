"""What an agency posts: the fact model of a referral. What is left out is not known; it is never taken as "no".

The sections mirror `routing.snapshot`, so that the crossing to facts invents nothing. It is long because one request
is read whole.
"""

from typing import Annotated

from pydantic import Field, StrictInt

from app.foundation.web.schema import CivilDate, Code, Instant, Line, Strict, Text, Tri
from app.people.schemas import Identifiers
from app.referrals.withheld.secret_text import NeverToHim
from app.routing.policy.vocabulary import (
    AssessmentTool,
    ConsentState,
    DvdsState,
    EscalationKind,
    HelpSource,
    IncidentOutcome,
    LicenceKind,
    OrderKind,
    PanelStatus,
    ReferralRoute,
    RoshLevel,
    SentenceKind,
)
from app.vocabulary import Forum, Grade

Age = Annotated[StrictInt | None, Field(ge=0, le=130)]


class VictimLearned(Strict):
    """What is known of the person at risk. Identifiers only help to know her again; they are kept as keyed hashes."""

    identifiers: Identifiers = ()
    age: Age = None
    home_area: Code | None = None
    supervised_by: Code | None = None
    under_supervision: Tri = None
    care_needs: Tri = None
    at_risk_of_abuse: Tri = None
    unable_to_protect_self: Tri = None
    home_insecure: Tri = None
    moved_area: Tri = None


class VictimIn(VictimLearned):
    """The person at risk in this referral, by a pseudonym that every partner shares."""

    ref: Code = Field(description="Pseudonym shared by partners; never a name or a national number")


class ConvictionIn(Strict):
    """A conviction, or a caution; `offence` as in the Schedule 15 reference list, lower case with underscores."""

    offence: Code
    convicted_on: CivilDate
    sentence: SentenceKind | None = None
    sentence_months: Annotated[StrictInt | None, Field(ge=0, le=1200)] = None
    suspended: Tri = None
    caution: bool = False


class LicenceIn(Strict):
    """A licence or order under which somebody supervises him."""

    kind: LicenceKind
    starts_on: CivilDate | None = None
    ends_on: CivilDate | None = None
    service: Code | None = None
    practitioner: Code | None = None
    area: Code | None = None


class RoshIn(Strict):
    """Risk of serious harm by group, as probation assessed it."""

    public: RoshLevel | None = None
    known_adult: RoshLevel | None = None
    children: RoshLevel | None = None
    staff: RoshLevel | None = None
    assessed_on: CivilDate | None = None


class MappaIn(Strict):
    """What is known of MAPPA. `level` 0 says "known not to be managed"; left out says "not known"."""

    category: Annotated[StrictInt | None, Field(ge=1, le=4)] = None
    level: Annotated[StrictInt | None, Field(ge=0, le=3)] = None
    lead_agency: Code | None = None
    area: Code | None = None
    last_reviewed_on: CivilDate | None = None
    next_review_on: CivilDate | None = None


class PanelsIn(Strict):
    """Where he stands with each panel. `rfgv_score` and `rfgv_rank` come from the police."""

    iom: PanelStatus | None = None
    matac: PanelStatus | None = None
    dapp: PanelStatus | None = None
    pdp: PanelStatus | None = None
    rfgv_score: Annotated[StrictInt | None, Field(ge=0, le=1000)] = None
    rfgv_rank: Annotated[StrictInt | None, Field(ge=1, le=100_000)] = None


class EscalationIn(Strict):
    """One piece of evidence that risk has risen since his level was set."""

    kind: EscalationKind
    observed_on: CivilDate
    ref: Code | None = None


class CustodyIn(Strict):
    """A period in custody; no end means it goes on."""

    from_on: CivilDate
    until_on: CivilDate | None = None


class PerpetratorIn(Strict):
    """The person causing harm. `known` false: nobody has identified him yet, and finding out is itself owned."""

    ref: Code | None = None
    identifiers: Identifiers = ()
    known: bool = True
    age: Age = None
    home_area: Code | None = None
    convictions: Annotated[list[ConvictionIn], Field(max_length=200)] | None = None
    notification_requirement: Tri = None
    hospital_order: Tri = None
    terrorism_risk: Tri = None
    licences: Annotated[list[LicenceIn], Field(max_length=20)] | None = None
    mappa: MappaIn = MappaIn()
    rosh: RoshIn = RoshIn()
    panels: PanelsIn = PanelsIn()
    escalations: Annotated[list[EscalationIn], Field(max_length=100)] | None = None
    custody_periods: Annotated[list[CustodyIn], Field(max_length=100)] | None = None
    in_custody: Tri = None
    release_on: CivilDate | None = None
    on_bail: Tri = None
    suspect_outstanding: Tri = None
    arrested_without_charge: Tri = None
    new_relationship: Tri = None
    serious_harm_likely: Tri = None
    address_approved: Tri = None
    address_check_requested: Tri = None
    missed_supervision: Tri = None
    breach_suspected: Tri = None
    crosses_boundary: Tri = None
    practitioner_absent: Tri = None


class AssessmentIn(Strict):
    """The risk assessment. An unanswered one is not a low one."""

    tool: AssessmentTool | None = None
    ticks: Annotated[StrictInt | None, Field(ge=0, le=27)] = None
    unanswered: Annotated[StrictInt | None, Field(ge=0, le=27)] = None
    officer_grade: Grade | None = None
    hub_grade: Grade | None = None
    judged_high: Tri = None
    judgement_reason: Text | None = None
    completed: Tri = None
    seen: Tri = None
    seen_alone: Tri = None
    both_parties_seen: Tri = None
    perpetrator_answered_phone: Tri = None
    phone_taken: Tri = None
    threats_to_kill: Tri = None
    strangulation: Tri = None
    weapon: Tri = None
    stalking: Tri = None
    coercive_control: Tri = None
    separation: Tri = None
    pregnancy: Tri = None
    isolation: Tri = None


class IncidentIn(Strict):
    """One reported event. Roles are per incident; leave them out when they are those of the referral."""

    occurred_at: Instant
    reported_at: Instant
    force: Code
    source_reference: Code | None = None
    victim_ref: Code | None = None
    perpetrator_ref: Code | None = None
    criminal: Tri = None
    outcome: IncidentOutcome | None = None
    asb_linked: Tri = None


class OrderIn(Strict):
    """An order that protects somebody from him."""

    kind: OrderKind
    protected_ref: Code | None = None
    starts_on: CivilDate | None = None
    ends_on: CivilDate | None = None
    breached: Tri = None


class ChildIn(Strict):
    """A child in the household, or to whom he has access."""

    ref: Code
    age: Age = None
    in_household: Tri = None
    perpetrator_access: Tri = None
    home_educated: Tri = None
    known_to_social_care: Tri = None


class MaracHistoryIn(Strict):
    """What MARACs outside this service did with the same two people; our own hearings are known already."""

    last_referral_on: CivilDate | None = None
    last_heard_on: CivilDate | None = None


class ClaimIn(Strict):
    """Somebody says that another forum manages him: a claim to be checked, never a reason."""

    forum: Forum
    claimed_by: Code
    contact: Line | None = None
    confirmed_at: Instant | None = None
    expires_on: CivilDate | None = None


class Sections(Strict):
    """What may be said of a case, at first or later. Every part left out is not known."""

    not_for_disclosure: NeverToHim | None = None
    assessment: AssessmentIn = AssessmentIn()
    route: ReferralRoute | None = None
    help_sought_by: HelpSource | None = Field(
        default=None, description="Who asked for help, when it was she herself or somebody outside the police"
    )
    consent: ConsentState | None = None
    consent_override_reason: Text | None = None
    manager_signed_off: Tri = None
    safe_contact_recorded: Tri = None
    orders: Annotated[list[OrderIn], Field(max_length=50)] | None = None
    children: Annotated[list[ChildIn], Field(max_length=30)] | None = None
    marac_history: MaracHistoryIn | None = None
    dvds: DvdsState | None = None
    claims: Annotated[tuple[ClaimIn, ...], Field(max_length=20)] = ()
    residing_together: Tri = None
    victim_voice_at_mappa: Tri = None
    protective_order_granted: Tri = None
    investigation_closing: Tri = None
    ongoing_event: Tri = None
    dapp_in_area: Tri = None
    joint_visit_agreed: Tri = None


class ReferralRequest(Sections):
    """A referral as a hub posts it. Six parts are required; what else is left out is not known."""

    source_system: Code
    source_reference: Code
    area: Code = Field(description="The victim's MARAC area")
    referrer_role: Code = "PVP_HUB"
    victim: VictimIn
    perpetrator: PerpetratorIn
    incidents: Annotated[list[IncidentIn], Field(max_length=200)]


class LearnedRequest(Sections):
    """Facts learned since the referral. Only the parts given change; the earlier ones are kept and dated."""

    victim: VictimLearned = VictimLearned()
    perpetrator: PerpetratorIn = PerpetratorIn()


class IncidentRequest(LearnedRequest):
    """A further incident, with whatever it taught."""

    incident: IncidentIn

"""Request schemas of referrals: the facts that an agency sends.

A fact left out is not known; the policy says what silence means.

The sections mirror `routing.facts.snapshot`, so that the conversion to facts adds nothing. The module is long because
a reader wants to see one request as a whole.
"""

from typing import Annotated

from pydantic import Field, StrictInt, field_validator, model_validator

from app.foundation.web.schema import CivilDate, Code, Instant, Line, Strict, Text, Tri
from app.people.schemas import Identifiers
from app.referrals.withheld.secret_text import NotForDisclosureText
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
    """What is known of the victim.

    Identifiers only serve to recognise the person; only keyed hashes of them are stored.
    """

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
    """The victim in this referral, by a pseudonym that every partner shares."""

    ref: Code = Field(description="Pseudonym shared by partners; never a name or a national number")


class ConvictionIn(Strict):
    """A conviction or a caution. `offence` is as in the Schedule 15 list, in lower case with underscores."""

    offence: Code
    convicted_on: CivilDate
    sentence: SentenceKind | None = None
    sentence_months: Annotated[StrictInt | None, Field(ge=0, le=1200)] = None
    suspended: Tri = None
    caution: bool = False


class LicenceIn(Strict):
    """A licence or order under which a service supervises the perpetrator."""

    kind: LicenceKind
    starts_on: CivilDate | None = None
    ends_on: CivilDate | None = None
    service: Code | None = None
    practitioner: Code | None = None
    area: Code | None = None


class RoshIn(Strict):
    """Risk of serious harm to each group, as probation assessed it."""

    public: RoshLevel | None = None
    known_adult: RoshLevel | None = None
    children: RoshLevel | None = None
    staff: RoshLevel | None = None
    assessed_on: CivilDate | None = None


class MappaIn(Strict):
    """What is known of MAPPA. `level` 0 means "known not to be managed"; left out means "not known"."""

    category: Annotated[StrictInt | None, Field(ge=1, le=4)] = None
    level: Annotated[StrictInt | None, Field(ge=0, le=3)] = None
    lead_agency: Code | None = None
    area: Code | None = None
    last_reviewed_on: CivilDate | None = None
    next_review_on: CivilDate | None = None


class PanelsIn(Strict):
    """The perpetrator's status with each panel. `rfgv_score` and `rfgv_rank` come from the police."""

    iom: PanelStatus | None = None
    matac: PanelStatus | None = None
    dapp: PanelStatus | None = None
    pdp: PanelStatus | None = None
    rfgv_score: Annotated[StrictInt | None, Field(ge=0, le=1000)] = None
    rfgv_rank: Annotated[StrictInt | None, Field(ge=1, le=100_000)] = None


class EscalationIn(Strict):
    """One piece of evidence that risk has risen since the perpetrator's MAPPA level was set."""

    kind: EscalationKind
    observed_on: CivilDate
    ref: Code | None = None


class CustodyIn(Strict):
    """A period in custody; without an end it continues."""

    from_on: CivilDate
    until_on: CivilDate | None = None


class PerpetratorIn(Strict):
    """The person causing harm. `known` false: nobody has identified them yet, and one agency owns finding out."""

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
    """The risk assessment. An unanswered question does not lower the risk."""

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
    """One report of an event. Each incident has its own victim and perpetrator; leave out those of the referral.

    An event counts once, however often it is sent: the same force and crime number, or without a number the same force,
    instant and people. A later report completes the earlier one; every report is kept.
    """

    occurred_at: Instant
    reported_at: Instant
    force: Code
    source_reference: Code | None = Field(
        default=None,
        description="The force's number of this event, such as the crime number. Send it: one number is one event",
    )
    victim_ref: Code | None = None
    perpetrator_ref: Code | None = None
    criminal: Tri = None
    outcome: IncidentOutcome | None = None
    asb_linked: Tri = None


class OrderIn(Strict):
    """An order that protects a person from the perpetrator."""

    kind: OrderKind
    protected_ref: Code | None = None
    starts_on: CivilDate | None = None
    ends_on: CivilDate | None = None
    breached: Tri = None


class ChildIn(Strict):
    """A child in the household, or to whom the perpetrator has access."""

    ref: Code
    age: Age = None
    in_household: Tri = None
    perpetrator_access: Tri = None
    home_educated: Tri = None
    known_to_social_care: Tri = None


class MaracHistoryIn(Strict):
    """What MARACs outside this service did about the same two people. The service knows its own hearings.

    The section left out: nobody has looked. An empty one: looked up, and none. `heard` without a date: a MARAC heard
    them and nobody knows when.
    """

    last_referral_on: CivilDate | None = None
    last_heard_on: CivilDate | None = None
    heard: Tri = None

    @model_validator(mode="after")
    def _agrees(self) -> "MaracHistoryIn":
        if self.heard is False and self.last_heard_on is not None:
            raise ValueError("`heard` says no, and `last_heard_on` gives the day: correct one of them")
        return self


class ClaimIn(Strict):
    """A claim that another forum manages the perpetrator. It is checked; it is never a reason by itself."""

    forum: Forum
    claimed_by: Code
    contact: Line | None = None
    confirmed_at: Instant | None = None
    expires_on: CivilDate | None = None


class CaseFactsIn(Strict):
    """The facts of a case that an agency can send, at first or later. Every part left out is not known."""

    not_for_disclosure: NotForDisclosureText | None = None
    assessment: AssessmentIn = AssessmentIn()
    route: ReferralRoute | None = None
    help_sought_by: HelpSource | None = Field(
        default=None, description="Who asked for help, when it was the victim or somebody outside the police"
    )
    consent: ConsentState | None = None
    consent_override_reason: Text | None = None
    manager_signed_off: Tri = None
    safe_contact_recorded: Tri = None
    # None is "not known" and an empty list is "none": what an agency leaves out never counts as a no.
    orders: Annotated[list[OrderIn], Field(max_length=50)] | None = None
    children: Annotated[list[ChildIn], Field(max_length=30)] | None = None
    marac_history: MaracHistoryIn | None = None
    dvds: DvdsState | None = None
    claims: Annotated[tuple[ClaimIn, ...], Field(max_length=20)] | None = ()
    residing_together: Tri = None
    victim_voice_at_mappa: Tri = None
    protective_order_granted: Tri = None
    investigation_closing: Tri = None
    ongoing_event: Tri = None
    dapp_in_area: Tri = None
    joint_visit_agreed: Tri = None


class ReferralRequest(CaseFactsIn):
    """A referral as a hub sends it. Six parts are required; any other part left out is not known."""

    source_system: Code
    source_reference: Code
    area: Code = Field(description="The victim's MARAC area")
    referrer_role: Code = "PVP_HUB"
    victim: VictimIn
    perpetrator: PerpetratorIn
    incidents: Annotated[list[IncidentIn], Field(max_length=200)]


class LearnedRequest(CaseFactsIn):
    """Facts learned since the referral. Only the parts given change; the earlier ones are kept with their dates.

    `null` takes back what your own agency stated for that part, in the referral or later: the case is decided without
    it, or on what another agency stated. An empty list says "none"; `null` for a list takes the list back.
    """

    victim: VictimLearned = VictimLearned()
    perpetrator: PerpetratorIn = PerpetratorIn()

    @field_validator("perpetrator")
    @classmethod
    def _names_a_person(cls, given: PerpetratorIn) -> PerpetratorIn:
        if "ref" in given.model_fields_set and given.ref is None:
            raise ValueError("leave `ref` out: who the perpetrator is cannot be taken back by null")
        return given


class IncidentRequest(LearnedRequest):
    """A further incident, with any facts learned from it."""

    incident: IncidentIn

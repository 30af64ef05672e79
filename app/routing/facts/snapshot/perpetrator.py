"""The perpetrator: convictions, supervision, MAPPA, panels and custody."""

from dataclasses import dataclass, field
from datetime import date

from app.routing.facts.snapshot.births import Birth
from app.routing.policy.vocabulary import (
    EscalationKind,
    Inchoate,
    LicenceKind,
    PanelStatus,
    RoshLevel,
    SentenceKind,
    SentenceLength,
)


@dataclass(frozen=True, slots=True)
class Conviction:
    """A conviction or caution; `offence` is a key of the law's offences, `inchoate` how it fell short of the whole one.

    `sentence_ended_on` is the last day of the sentence, licence and suspension included. `index`: the offence for which
    the person is supervised now.
    """

    offence: str
    convicted_on: date
    inchoate: Inchoate | None = None
    sentence: SentenceKind | None = None
    length_kind: SentenceLength | None = None
    sentence_months: int | None = None
    suspended: bool | None = None
    sentence_ended_on: date | None = None
    caution: bool = False
    index: bool | None = None
    domestic_abuse_finding: bool | None = None


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
    """The person's management under MAPPA; `not_managed`: it was looked up, and MAPPA does not manage them."""

    category: int | None = None
    level: int | None = None
    not_managed: bool | None = None
    lead_agency: str | None = None
    lead_post: str | None = None
    area: str | None = None
    started_on: date | None = None
    last_reviewed_on: date | None = None
    next_review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Panels:
    """The perpetrator's status at each panel. `matac_took_nomination` is a record of our own: always known."""

    iom: PanelStatus | None = None
    iom_since: date | None = None
    matac: PanelStatus | None = None
    matac_since: date | None = None
    dapp: PanelStatus | None = None
    dapp_since: date | None = None
    pdp: PanelStatus | None = None
    pdp_since: date | None = None
    rfgv_score: int | None = None
    rfgv_rank: int | None = None
    rfgv_scored_on: date | None = None
    matac_took_nomination: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """One piece of evidence that the risk is higher than when the level was set."""

    kind: EscalationKind
    observed_on: date
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Perpetrator:
    """The person who causes harm; `known` False: nobody is identified yet.

    `custody_said_on`: the last day on which somebody stated that they are held.
    `custody_in_doubt`: they are said to be held, and nobody says so whose word counts now. `age_in_doubt`: nobody
    states the age whose word it is.
    """

    ref: str | None = None
    known: bool = True
    birth: Birth | None = None
    age_in_doubt: bool = False
    home_area: str | None = None
    no_fixed_abode: bool | None = None
    position_of_trust: bool | None = None
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
    custody_said_on: date | None = None
    custody_in_doubt: bool = False
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

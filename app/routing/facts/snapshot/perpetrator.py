"""The perpetrator: convictions, supervision, MAPPA, panels and custody."""

from dataclasses import dataclass, field
from datetime import date

from app.routing.facts.snapshot.births import Birth
from app.routing.policy.vocabulary import EscalationKind, LicenceKind, PanelStatus, RoshLevel, SentenceKind


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
    birth: Birth | None = None
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

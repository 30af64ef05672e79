"""The perpetrator, as an agency states them: convictions, supervision, MAPPA, panels and custody."""

from typing import Annotated

from pydantic import Field, StrictInt

from app.foundation.web.schema import CivilDate, Code, Strict, Tri
from app.people.schemas import Identifiers
from app.referrals.schemas.ages import Age
from app.referrals.schemas.support import SupportNeeds
from app.routing.policy.vocabulary import EscalationKind, LicenceKind, PanelStatus, RoshLevel, SentenceKind


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
    support_needs: SupportNeeds = None
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

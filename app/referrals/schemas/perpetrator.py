"""The perpetrator, as an agency states them: convictions, supervision, MAPPA, panels and custody."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.foundation.web.schema import CivilDate, Code, Strict, Tri, refuses_nought
from app.people.schemas import Identifiers
from app.referrals.schemas.ages import Aged
from app.referrals.schemas.support import SupportNeeds
from app.routing.policy.vocabulary import (
    EscalationKind,
    Inchoate,
    LicenceKind,
    PanelStatus,
    RoshLevel,
    SentenceKind,
    SentenceLength,
)


class ConvictionIn(Strict):
    """A conviction or a caution. `offence` is as in the Schedule 15 list, in lower case with underscores.

    A finding of insanity, or of disability and that the person did the act, is stated here too, with what the court
    ordered. `index`: it is the offence for which the person is supervised now.
    """

    offence: Code
    convicted_on: CivilDate
    inchoate: Annotated[Inchoate | None, Field(description="an attempt and the like; left out: the whole offence")] = (
        None
    )
    sentence: SentenceKind | None = None
    length_kind: Annotated[
        SentenceLength | None, Field(description="`LIFE` and `INDETERMINATE` have no months and are never suspended")
    ] = None
    sentence_months: Annotated[StrictInt | None, Field(ge=0, le=1200)] = None
    suspended: Tri = None
    sentence_ended_on: Annotated[
        CivilDate | None, Field(description="the last day of the sentence, licence and suspension included")
    ] = None
    caution: bool = False
    index: Tri = None
    domestic_abuse_finding: Annotated[
        Tri, Field(description="the court stated that the offence involved domestic abuse")
    ] = None


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


_NOT_NOUGHT = refuses_nought(
    "state `not_managed: true` of somebody whom MAPPA is known not to manage, or leave it out where that is not known"
)


class MappaIn(Strict):
    """What is known of MAPPA. `not_managed` true: looked up, and MAPPA does not manage them; left out: not known."""

    category: Annotated[Annotated[StrictInt, Field(ge=1, le=4)] | None, _NOT_NOUGHT] = None
    level: Annotated[Annotated[StrictInt, Field(ge=1, le=3)] | None, _NOT_NOUGHT] = None
    not_managed: Literal[True] | None = None
    lead_agency: Code | None = None
    lead_post: Annotated[Code | None, Field(description="the post at the lead agency that manages them")] = None
    area: Code | None = None
    started_on: Annotated[CivilDate | None, Field(description="the day management at this level began")] = None
    last_reviewed_on: CivilDate | None = None
    next_review_on: CivilDate | None = None


class PanelsIn(Strict):
    """The perpetrator's status with each panel, and since when. `rfgv_score` and `rfgv_rank` come from the police."""

    iom: PanelStatus | None = None
    iom_since: CivilDate | None = None
    matac: PanelStatus | None = None
    matac_since: CivilDate | None = None
    dapp: PanelStatus | None = None
    dapp_since: CivilDate | None = None
    pdp: PanelStatus | None = None
    pdp_since: CivilDate | None = None
    rfgv_score: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    rfgv_rank: Annotated[StrictInt | None, Field(ge=1, le=99_999)] = None
    rfgv_scored_on: CivilDate | None = None


class EscalationIn(Strict):
    """One piece of evidence that risk has risen since the perpetrator's MAPPA level was set."""

    kind: EscalationKind
    observed_on: CivilDate
    ref: Code | None = None


class CustodyIn(Strict):
    """A period in custody; without an end it continues."""

    from_on: CivilDate
    until_on: CivilDate | None = None


class PerpetratorIn(Aged):
    """The person causing harm. `known` false: nobody has identified them yet, and one agency owns finding out."""

    ref: Code | None = None
    identifiers: Identifiers = ()
    known: bool = True
    home_area: Code | None = None
    no_fixed_abode: Tri = None
    position_of_trust: Tri = Field(
        default=None, description="Works or volunteers with children or with adults who need care"
    )
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

"""Converts stored referrals to the snapshot that routing reads. Nothing else passes facts to routing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from app.foundation.clock import london_date
from app.referrals.models import Incident as StoredIncident
from app.referrals.schemas.contact import SafeContactIn
from app.referrals.schemas.incident import IncidentIn
from app.referrals.schemas.perpetrator import CustodyIn
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.gathering import CaseStatements
from app.referrals.statements.reports import ReportedAssessment, as_assessment
from app.routing.facts.reports.current import disputed_assessment
from app.routing.facts.snapshot.assessment import AssessedReport
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.contact import Contact, SafeContact
from app.routing.facts.snapshot.history import MaracHistory, MaracProcess, OwnershipClaim, Refusal
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Escalation, Licence, Mappa, Panels, Perpetrator, Rosh
from app.routing.facts.snapshot.victim import Victim
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import Forum

Part = TypeVar("Part")
_LISTS_OF_CONTACT = ("also_feared", "visit_risks", "sharing_grounds", "criteria_claimed")


@dataclass(frozen=True, slots=True)
class History:
    """What this service itself knows of the case. Higher rooms gather it and pass it in."""

    refusals: tuple[Refusal, ...] = ()
    current_owner: Forum = Forum.HUB
    working_days_to_hearing: int | None = None
    processes: tuple[MaracProcess, ...] = ()
    heard_on: tuple[date, ...] = ()
    marac_stage: MaracStage = MaracStage.NOT_REFERRED
    open_actions: int = 0
    answered: tuple[tuple[str, bool | int | str], ...] = ()
    matac_took_nomination: bool = False


def snapshot_of(stated: CaseStatements, incidents: Sequence[StoredIncident], history: History) -> CaseSnapshot:
    """Returns the case as routing sees it: what everybody stated of it, all related incidents, and our own records."""
    referral, perpetrator = stated.facts, stated.facts.perpetrator
    reports = tuple(_report(one) for one in stated.reports)
    return CaseSnapshot(
        victim=_part(Victim, referral.victim),
        perpetrator=_part(
            Perpetrator,
            perpetrator,
            convictions=_parts(Conviction, perpetrator.convictions),
            licences=_parts(Licence, perpetrator.licences),
            mappa=_part(Mappa, perpetrator.mappa),
            rosh=_part(Rosh, perpetrator.rosh),
            panels=_part(Panels, perpetrator.panels, matac_took_nomination=history.matac_took_nomination),
            escalations=_parts(Escalation, perpetrator.escalations),
            custody_periods=_periods(perpetrator.custody_periods),
        ),
        reports=reports,
        disputed=tuple(sorted({*stated.disputed, *disputed_assessment(reports)})),
        incidents=tuple(incident_facts(row) for row in incidents),
        orders=_parts(Order, referral.orders),
        children=_parts(Child, referral.children),
        contact=_contact(referral),
        marac_history=_marac_history(referral, history),
        claims=_parts(OwnershipClaim, referral.claims) or (),
        refusals=history.refusals,
        current_owner=history.current_owner,
        marac_stage=history.marac_stage,
        working_days_to_hearing=history.working_days_to_hearing,
        answered=history.answered,
        **_copied_fields(referral),
    )


def _contact(referral: ReferralRequest) -> Contact:
    lists = {name: tuple(getattr(referral, name) or ()) for name in _LISTS_OF_CONTACT}
    return _part(Contact, referral, **lists, safe=_safe_contact(referral.safe_contact))


def _safe_contact(stated: SafeContactIn | None) -> SafeContact:
    if stated is None:
        return SafeContact()
    channels = None if stated.channels is None else tuple(stated.channels)
    return _part(SafeContact, stated, channels=channels, hours_recorded=stated.hours is not None)


def _copied_fields(referral: ReferralRequest) -> dict[str, Any]:
    names = (
        "help_sought_by consent consent_override_reason manager_signed_off dvds "
        "residing_together victim_voice_at_mappa protective_order_granted investigation_closing ongoing_event "
        "dapp_in_area joint_visit_agreed"
    )
    return {name: getattr(referral, name) for name in names.split()}


def _part(shape: type[Part], section: BaseModel, **given: Any) -> Part:  # noqa: ANN401 - the shape checks
    names = {field.name for field in fields(shape)} & set(type(section).model_fields)  # type: ignore[arg-type]
    return shape(**({name: getattr(section, name) for name in names} | given))


def _parts(shape: type[Part], sections: Sequence[BaseModel] | None) -> tuple[Part, ...] | None:
    return None if sections is None else tuple(_part(shape, section) for section in sections)


def _periods(periods: list[CustodyIn] | None) -> tuple[tuple[date, date | None], ...] | None:
    # None is "not known", an empty tuple "never in custody": a look-back that leaves custody out tells them apart.
    return None if periods is None else tuple((period.from_on, period.until_on) for period in periods)


def incident_facts(row: StoredIncident) -> IncidentFacts:
    """Returns a stored incident as routing sees it."""
    posted = IncidentIn.model_validate(row.document)
    roles = {"victim_ref": row.victim_ref, "perpetrator_ref": row.perpetrator_ref}
    return _part(IncidentFacts, posted, **roles, recorded_at=row.recorded_at)


def _report(reported: ReportedAssessment) -> AssessedReport:
    return AssessedReport(
        reported.report, reported.author, reported.reported_at, as_assessment(reported.assessment), reported.route
    )


def _marac_history(referral: ReferralRequest, history: History) -> MaracHistory | None:
    """Returns our own hearings and referrals, and those that other MARACs reported. None: neither is on record."""
    elsewhere = referral.marac_history
    if elsewhere is None and not history.processes and not history.heard_on:
        return None
    referred, heard = (elsewhere.last_referral_on, elsewhere.last_heard_on) if elsewhere else (None, None)
    own_referral = london_date(history.processes[-1].referred_at) if history.processes else None
    return MaracHistory(
        last_referral_on=_later(own_referral, referred),
        last_heard_on=_later(max(history.heard_on, default=None), heard),
        open_actions=history.open_actions,
        heard_elsewhere_undated=bool(elsewhere and elsewhere.heard and heard is None),
        referred_elsewhere_on=referred,
        heard_elsewhere_on=heard,
        processes=history.processes,
        heard_on=history.heard_on,
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)

"""Converts stored referrals to the snapshot that routing reads. Nothing else passes facts to routing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from app.referrals.models import Incident as StoredIncident
from app.referrals.schemas import CustodyIn, IncidentIn, ReferralRequest
from app.routing.facts import snapshot as known
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import Forum

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class History:
    """What this service itself knows of the case. Higher rooms gather it and pass it in."""

    refusals: tuple[known.Refusal, ...] = ()
    current_owner: Forum = Forum.HUB
    working_days_to_hearing: int | None = None
    last_referral_on: date | None = None
    last_heard_on: date | None = None
    marac_stage: MaracStage = MaracStage.NOT_REFERRED
    open_actions: int = 0
    matac_took_nomination: bool = False


def snapshot_of(referral: ReferralRequest, incidents: Sequence[StoredIncident], history: History) -> known.CaseSnapshot:
    """Returns the case as routing sees it: the referral as now known, all related incidents, and our own records."""
    perpetrator = referral.perpetrator
    return known.CaseSnapshot(
        victim=_part(known.Victim, referral.victim),
        perpetrator=_part(
            known.Perpetrator,
            perpetrator,
            convictions=_parts(known.Conviction, perpetrator.convictions),
            licences=_parts(known.Licence, perpetrator.licences),
            mappa=_part(known.Mappa, perpetrator.mappa),
            rosh=_part(known.Rosh, perpetrator.rosh),
            panels=_part(known.Panels, perpetrator.panels, matac_took_nomination=history.matac_took_nomination),
            escalations=_parts(known.Escalation, perpetrator.escalations),
            custody_periods=_periods(perpetrator.custody_periods),
        ),
        assessment=_part(known.Assessment, referral.assessment),
        incidents=tuple(incident_facts(row) for row in incidents),
        orders=_parts(known.Order, referral.orders),
        children=_parts(known.Child, referral.children),
        marac_history=_marac_history(referral, history),
        claims=_parts(known.OwnershipClaim, referral.claims) or (),
        refusals=history.refusals,
        current_owner=history.current_owner,
        marac_stage=history.marac_stage,
        working_days_to_hearing=history.working_days_to_hearing,
        **_copied_fields(referral),
    )


def _copied_fields(referral: ReferralRequest) -> dict[str, Any]:
    names = (
        "route help_sought_by consent manager_signed_off safe_contact_recorded dvds residing_together "
        "victim_voice_at_mappa protective_order_granted investigation_closing ongoing_event dapp_in_area "
        "joint_visit_agreed"
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


def incident_facts(row: StoredIncident) -> known.IncidentFacts:
    """Returns a stored incident as routing sees it."""
    posted = IncidentIn.model_validate(row.document)
    return _part(known.IncidentFacts, posted, victim_ref=row.victim_ref, perpetrator_ref=row.perpetrator_ref)


def _marac_history(referral: ReferralRequest, history: History) -> known.MaracHistory:
    """Returns the later of our own hearings and referrals and those that an outside MARAC reported."""
    reported = referral.marac_history
    return known.MaracHistory(
        last_referral_on=_later(history.last_referral_on, reported.last_referral_on if reported else None),
        last_heard_on=_later(history.last_heard_on, reported.last_heard_on if reported else None),
        open_actions=history.open_actions,
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)

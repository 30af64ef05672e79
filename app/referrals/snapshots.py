"""Converts stored referrals to the snapshot that routing reads. Nothing else passes facts to routing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from app.foundation.clock import london_date
from app.referrals.models import Incident as StoredIncident
from app.referrals.schemas.child import ChildIn
from app.referrals.schemas.contact import SafeContactIn
from app.referrals.schemas.history import MaracHistoryIn
from app.referrals.schemas.perpetrator import CustodyIn, PerpetratorIn
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.statements.gathering import WAYS_OF_CONTACT, CaseStatements
from app.referrals.statements.incidents import incident_facts
from app.referrals.statements.reports import ReportedAssessment, as_assessment
from app.routing.facts.reports.current import disputed_assessment
from app.routing.facts.snapshot.answers import EarlierAnswer
from app.routing.facts.snapshot.assessment import AssessedReport
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.contact import Contact, SafeContact
from app.routing.facts.snapshot.disclosure import Disclosure
from app.routing.facts.snapshot.history import MaracHistory, MaracProcess, OwnershipClaim, Refusal
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Escalation, Licence, Mappa, Panels, Perpetrator, Rosh
from app.routing.facts.snapshot.victim import Victim
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import Forum, Nation, NeedKind

Part = TypeVar("Part")
_LISTS_OF_CONTACT = ("also_feared", "visit_risks", "sharing_grounds", "criteria_claimed")
_LOOKED_UP_LEAVES = (
    "convictions",
    "licences",
    "notification_requirement",
    "hospital_order",
    "missed_supervision",
    "practitioner_absent",
    "address_approved",
    "address_check_requested",
)


@dataclass(frozen=True, slots=True)
class History:
    """What this service itself knows of the case. Higher rooms gather it and pass it in.

    `referred_in_other_area_on` and `heard_in_other_area_on` are the last days on which it records that another area's
    MARAC was asked about the same two people, and heard them.
    """

    nation: Nation
    refusals: tuple[Refusal, ...] = ()
    current_owner: Forum = Forum.HUB
    victim_owner: Forum = Forum.REFERRING_AGENCY
    held_elsewhere: frozenset[NeedKind] = frozenset()
    marac_elsewhere: bool = False
    deceased: frozenset[NeedKind] = frozenset()
    crossed_case: bool = False
    working_days_to_hearing: int | None = None
    processes: tuple[MaracProcess, ...] = ()
    heard_at: tuple[datetime, ...] = ()
    referred_in_other_area_on: date | None = None
    heard_in_other_area_on: date | None = None
    marac_stage: MaracStage = MaracStage.NOT_REFERRED
    open_actions: int = 0
    answered: tuple[tuple[str, bool | int | str], ...] = ()
    answered_earlier: tuple[EarlierAnswer, ...] = ()
    matac_took_nomination: bool = False


def snapshot_of(stated: CaseStatements, incidents: Sequence[StoredIncident], history: History) -> CaseSnapshot:
    """Returns the case as routing sees it: what everybody stated of it, all related incidents, and our own records."""
    referral, perpetrator = stated.facts, _as_identified(stated.facts.perpetrator)
    reports = assessed_reports(stated)
    return CaseSnapshot(
        victim=_part(
            Victim, referral.victim, birth=stated.births.victim, age_in_doubt="victim" in stated.ages_in_doubt
        ),
        perpetrator=_part(
            Perpetrator,
            perpetrator,
            birth=stated.births.perpetrator,
            convictions=_parts(Conviction, perpetrator.convictions),
            licences=_parts(Licence, perpetrator.licences),
            mappa=_part(Mappa, perpetrator.mappa),
            rosh=_part(Rosh, perpetrator.rosh),
            panels=_part(Panels, perpetrator.panels, matac_took_nomination=history.matac_took_nomination),
            escalations=_parts(Escalation, perpetrator.escalations),
            custody_periods=_periods(perpetrator.custody_periods),
            custody_in_doubt=stated.custody_in_doubt,
            custody_said_on=stated.custody_said_on,
            age_in_doubt="perpetrator" in stated.ages_in_doubt,
        ),
        nation=history.nation,
        reports=reports,
        disputed=tuple(sorted({*stated.disputed, *disputed_assessment(reports, stated.settled)})),
        incidents=tuple(incident_facts(row, stated.may_say) for row in incidents),
        orders=_parts(Order, referral.orders),
        children=_children(referral.children, stated),
        contact=_contact(referral, ways_differ=WAYS_OF_CONTACT in stated.without_answer),
        disclosure=None if referral.disclosure is None else _part(Disclosure, referral.disclosure),
        marac_history=_marac_history(referral.marac_history, history),
        histories=tuple(one for way in stated.histories if (one := _marac_history(way, history)) is not None),
        claims=_parts(OwnershipClaim, referral.claims) or (),
        refusals=history.refusals,
        current_owner=history.current_owner,
        victim_owner=history.victim_owner,
        held_elsewhere=history.held_elsewhere,
        marac_elsewhere=history.marac_elsewhere,
        deceased=history.deceased,
        crossed_case=history.crossed_case,
        marac_stage=history.marac_stage,
        working_days_to_hearing=history.working_days_to_hearing,
        answered=history.answered,
        received_at=stated.received_at,
        answered_earlier=history.answered_earlier,
        **_copied_fields(referral),
    )


def _contact(referral: ReferralRequest, *, ways_differ: bool) -> Contact:
    lists = {name: tuple(getattr(referral, name) or ()) for name in _LISTS_OF_CONTACT}
    return _part(Contact, referral, **lists, safe=_safe_contact(referral.safe_contact, ways_differ=ways_differ))


def _safe_contact(stated: SafeContactIn | None, *, ways_differ: bool) -> SafeContact:
    if stated is None:
        return SafeContact(ways_differ=ways_differ)
    channels = None if stated.channels is None else tuple(stated.channels)
    hours_recorded = stated.hours is not None
    return _part(SafeContact, stated, channels=channels, hours_recorded=hours_recorded, ways_differ=ways_differ)


def _as_identified(person: PerpetratorIn) -> PerpetratorIn:
    """Returns the perpetrator without what nobody can have looked up: an empty default is no answer."""
    return (
        person if person.known or person.ref is not None else person.model_copy(update=dict.fromkeys(_LOOKED_UP_LEAVES))
    )


def _copied_fields(referral: ReferralRequest) -> dict[str, Any]:
    names = (
        "help_sought_by consent consent_override_reason manager_signed_off "
        "residing_together victim_voice_at_mappa protective_order_granted investigation_closing ongoing_event "
        "dapp_in_area joint_visit_agreed referred_on"
    )
    return {name: getattr(referral, name) for name in names.split()}


def _part(shape: type[Part], section: BaseModel, **given: Any) -> Part:  # noqa: ANN401 - the shape checks
    names = {field.name for field in fields(shape)} & set(type(section).model_fields)  # type: ignore[arg-type]
    return shape(**({name: getattr(section, name) for name in names} | given))


def _parts(shape: type[Part], sections: Sequence[BaseModel] | None) -> tuple[Part, ...] | None:
    return None if sections is None else tuple(_part(shape, section) for section in sections)


def _children(children: Sequence[ChildIn] | None, stated: CaseStatements) -> tuple[Child, ...] | None:
    if children is None:
        return None
    each = zip(children, stated.births.children, strict=True)
    harming = stated.harming_parents
    return tuple(
        _part(Child, child, birth=birth, parent_harms=child.parent_to_tell in harming) for child, birth in each
    )


def _periods(periods: list[CustodyIn] | None) -> tuple[tuple[date, date | None], ...] | None:
    # None is "not known", an empty tuple "never in custody": a look-back that leaves custody out tells them apart.
    return None if periods is None else tuple((period.from_on, period.until_on) for period in periods)


def assessed_reports(stated: CaseStatements) -> tuple[AssessedReport, ...]:
    """Returns each report with its assessment as routing sees it."""
    return tuple(_report(one, stated.no_child_said) for one in stated.reports)


def _report(reported: ReportedAssessment, no_child_said: Mapping[str, datetime]) -> AssessedReport:
    assessment, denied_at = as_assessment(reported.assessment), no_child_said.get(reported.author)
    if denied_at is not None and denied_at >= reported.reported_at:
        # The question is of a child or another dependant, and whoever answered it says that there is no child.
        assessment = replace(assessment, child_harm_in_answers=None)
    return AssessedReport(reported.report, reported.author, reported.reported_at, assessment, reported.route)


def _marac_history(elsewhere: MaracHistoryIn | None, history: History) -> MaracHistory | None:
    """Returns our own hearings and referrals, and those that other MARACs reported. None: neither is on record."""
    stated = (elsewhere.last_referral_on, elsewhere.last_heard_on) if elsewhere else (None, None)
    referred = _later(stated[0], history.referred_in_other_area_on)
    heard = _later(stated[1], history.heard_in_other_area_on)
    if elsewhere is None and not history.processes and not history.heard_at and referred is None and heard is None:
        return None
    own_referral = london_date(history.processes[-1].referred_at) if history.processes else None
    own_hearing = london_date(history.heard_at[-1]) if history.heard_at else None
    return MaracHistory(
        last_referral_on=_later(own_referral, referred),
        last_heard_on=_later(own_hearing, heard),
        open_actions=history.open_actions,
        heard_elsewhere_undated=bool(elsewhere and elsewhere.heard and heard is None),
        referred_elsewhere_on=referred,
        heard_elsewhere_on=heard,
        processes=history.processes,
        heard_at=history.heard_at,
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)

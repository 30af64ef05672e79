"""Gathers what this service knows of a case at the moment of a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.actions.outcomes.settled_repository import count_agreed_unfinished
from app.enquiries.clock import answered_facts, unanswered_in_time
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.marac_processes import another_case_waits_for_marac, marac_hearings, marac_processes
from app.meetings.repositories.case_repository import discharges_of
from app.meetings.repositories.listing_repository import listing_ahead, waits_for_forum
from app.ownership.models import Need
from app.ownership.needs.opening import CaseNeeds
from app.ownership.proposal_repository import declines_on_facts
from app.ownership.proposals.standing_now import held_elsewhere
from app.ownership.repository import current_ownership, is_owned_by
from app.people.service import refs_of_same_person
from app.referrals.crossed_roles_repository import crossed_cases
from app.referrals.decisions import hash_of_reported_facts
from app.referrals.fact_homes import HOMES
from app.referrals.models import Case, Incident, Referral
from app.referrals.repositories.case_repository import cases_of_couple_in_other_areas
from app.referrals.repositories.incident_repository import related_incidents
from app.referrals.repositories.report_repository import latest_incident_since, latest_referral_of
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.gathering import known_facts
from app.routing.engine.decide import decide
from app.routing.facts.derived import facts_of
from app.routing.facts.repeats import has_report_after
from app.routing.facts.reports.current import reports_left_open
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.history import MaracProcess, Refusal
from app.routing.policy.outcomes import OPEN
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import Policy
from app.routing.policy.vocabulary import MaracStage
from app.vocabulary import DeclineCode, Forum, NeedKind


class MaracRecord(TypedDict):
    """What this service itself records of a case at MARAC."""

    processes: tuple[MaracProcess, ...]
    heard_at: tuple[datetime, ...]
    marac_stage: MaracStage


@dataclass(frozen=True, slots=True)
class CaseKnowledge:
    """A case as routing sees it now. `told_sha256` hashes the facts that agencies reported: equal means no new fact."""

    snapshot: CaseSnapshot
    told_sha256: str


@dataclass(frozen=True, slots=True)
class CaseRecords:
    """What this service records beside the statements: the needs of the case, and when MARAC can hear it.

    `victim_refs` and `perpetrator_refs` are pseudonyms of the two that no link joins yet: a preview links nobody.
    """

    needs: CaseNeeds
    hearing: HearingEstimate
    victim_refs: frozenset[str] = frozenset()
    perpetrator_refs: frozenset[str] = frozenset()


def gather_case_knowledge(tx: Transaction, case: Case, referral: Referral, records: CaseRecords) -> CaseKnowledge:
    """Returns all that routing may read: what agencies stated, the related incidents, and our own records."""
    stated = known_facts(tx.session, referral, perpetrator_refs=records.perpetrator_refs)
    incidents = related_incidents(tx.session, case.victim_ref, case.perpetrator_ref, tx.now)
    answers = answered_facts(tx.session, case.id, current_report(tx.session, case.id), HOMES)
    nation = nation_of_area(tx.session, case.area)
    answered = History(nation=nation, answered=answers.now, answered_earlier=answers.earlier)
    # Without the rest of the history: our own records do not make the facts new ones (I5).
    told_sha256 = hash_of_reported_facts(snapshot_of(stated, incidents, answered))
    history = history_of(tx.session, case, records, told_sha256)
    history = replace(history, answered=answers.now, answered_earlier=answers.earlier)
    marac = _marac_record(tx, case, incidents)
    return CaseKnowledge(snapshot_of(stated, incidents, replace(history, **marac)), told_sha256)


def referred_to_marac_at(snapshot: CaseSnapshot, now: datetime, *, asked: bool) -> datetime | None:
    """Returns when the case was last referred to MARAC, if a decision made now asks MARAC or does not.

    It is referred once, and again on a report that came when it waited no longer. A fact added later moves nothing.
    """
    processes = snapshot.marac_history.processes if snapshot.marac_history else ()
    last = processes[-1] if processes else None
    if asked and (last is None or (last.waits_until is not None and has_report_after(snapshot, last.waits_until, now))):
        return now
    return last.referred_at if last else None


def with_marac_clock(
    session: Session, case: Case, snapshot: CaseSnapshot, policy: Policy, now: datetime
) -> CaseSnapshot:
    """Returns the snapshot with how many questions about MARAC ran out of time and are still not known.

    Where what is known settles MARAC, its clock asks nobody: the criteria are met then, or they are not.
    """
    facts = facts_of(policy, snapshot, now)
    left_open = reports_left_open(snapshot, now, Parameters(parameter_values(policy)))
    left = len(unanswered_in_time(session, case.id, facts, left_open))
    if left and decide(policy, facts).outcomes["marac"] != OPEN:
        left = 0
    return replace(snapshot, marac_clock_ended=left > 0, unanswered_questions=left)


def current_report(session: Session, case_id: str) -> str | None:
    """Returns the newest report of a case: its newest referral, or an incident that was reported after it."""
    referral = latest_referral_of(session, case_id)
    later = latest_incident_since(session, case_id, referral.received_at) if referral else None
    return later.id if later else referral.id if referral else None


def history_of(session: Session, case: Case, records: CaseRecords, told_sha256: str) -> History:
    """Returns what this service records of the needs of the case, and of who declined on these facts."""
    needs = records.needs
    victim, perpetrator = (needs.opened.get(kind) for kind in (NeedKind.VICTIM_SAFETY, NeedKind.PERPETRATOR))
    referred_on, heard_on = _marac_in_other_areas(session, case, records)
    return History(
        nation=nation_of_area(session, case.area),
        refusals=tuple(_refusals(session, perpetrator, told_sha256)) if perpetrator else (),
        current_owner=current_ownership(session, perpetrator).forum if perpetrator else Forum.HUB,
        victim_owner=current_ownership(session, victim).forum if victim else Forum.REFERRING_AGENCY,
        held_elsewhere=frozenset(k for k, need in needs.opened.items() if held_elsewhere(session, need, case.id)),
        marac_elsewhere=victim is not None and another_case_waits_for_marac(session, victim, case.id),
        deceased=frozenset(needs.deceased),
        crossed_case=bool(crossed_cases(session, case)),
        referred_in_other_area_on=referred_on,
        heard_in_other_area_on=heard_on,
        working_days_to_hearing=records.hearing.working_days,
        open_actions=count_agreed_unfinished(session, {case.id}),
    )


def _marac_in_other_areas(session: Session, case: Case, records: CaseRecords) -> tuple[date | None, date | None]:
    """Returns the last days on which other areas' MARACs were asked about the same two people, and heard them.

    A repeat is one wherever MARAC had the two before (SafeLives); no case of another area is joined for it.
    """
    if case.perpetrator_ref is None:
        return None, None
    victims = records.victim_refs | refs_of_same_person(session, case.victim_ref)
    perpetrators = records.perpetrator_refs | refs_of_same_person(session, case.perpetrator_ref)
    others = cases_of_couple_in_other_areas(session, case.area, victims, perpetrators)
    referred = [one.referred_at for other in others for one in marac_processes(session, other)]
    heard = [at for other in others for at in marac_hearings(session, other, datetime.max.replace(tzinfo=UTC))]
    return (london_date(max(referred)) if referred else None, london_date(max(heard)) if heard else None)


def _marac_record(tx: Transaction, case: Case, incidents: Sequence[Incident]) -> MaracRecord:
    """Returns what this service records of the case at MARAC.

    With a report after the last hearing the stage starts again.
    """
    processes = marac_processes(tx.session, case.id)
    heard_at = marac_hearings(tx.session, case.id, tx.now)
    heard = max(heard_at, default=None)
    if _is_on_list(tx.session, case):
        stage = MaracStage.LISTED
    elif heard is None or _was_reported_since(case, heard, incidents):
        referred = any(heard is None or one.referred_at > heard for one in processes)
        stage = MaracStage.REFERRED if referred else MaracStage.NOT_REFERRED
    else:
        stage = MaracStage.DISCHARGED if discharges_of(tx.session, case.id) else MaracStage.HEARD
    return MaracRecord(processes=processes, heard_at=heard_at, marac_stage=stage)


def _is_on_list(session: Session, case: Case) -> bool:
    """Returns whether the case waits on a meeting's list or, once MARAC has the victim, for a meeting to be set."""
    if listing_ahead(session, case.id, Forum.MARAC) is not None:
        return True
    waits = waits_for_forum(session, case.id, Forum.MARAC)
    return waits and is_owned_by(session, case.id, NeedKind.VICTIM_SAFETY, Forum.MARAC)


def _was_reported_since(case: Case, heard: datetime, incidents: Sequence[Incident]) -> bool:
    """Returns whether something between the two people happened, and was reported, after the hearing."""
    return any(
        (one.victim_ref, one.perpetrator_ref) == (case.victim_ref, case.perpetrator_ref)
        and heard < min(one.occurred_at, one.recorded_at)
        for one in incidents
    )


def _refusals(session: Session, need: Need, told_sha256: str) -> list[Refusal]:
    """Returns who declined on exactly these facts. Once the facts change they may be asked again (I5)."""
    return [
        Refusal(proposal.forum, answer.answered_at, answer.code or DeclineCode.CAPACITY)
        for proposal, answer in declines_on_facts(session, need.id, told_sha256)
    ]

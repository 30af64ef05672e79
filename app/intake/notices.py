"""Puts the open notices about children right as soon as it is known who a person is.

A notice says to whom a setting may speak. Whoever is found to harm the victim, by a link or by another report, must not
stand there until the case is decided anew.
"""

from collections.abc import Iterable

from app.access.directory import nation_of_area
from app.actions.changes import reword
from app.actions.repository import unreported_duties_for_change
from app.actions.wording.contact_bars import bar_in, with_bar
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.particulars.of_duty import PLACES_THE_VICTIM, words_of_notice
from app.policies.registry import policy_of_area
from app.referrals.models import Case
from app.referrals.repositories.incident_repository import related_incidents
from app.referrals.repositories.report_repository import latest_referral_of
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.gathering import known_facts
from app.routing.facts.protection.affected import AgeCheck
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import Policy

WHY = "who is one person with whom, or who harms the victim, has changed"


def put_notices_right(tx: Transaction, cases: Iterable[Case]) -> None:
    """Says the open notices of these cases anew on what is known now; what a notice said before stays on record."""
    for case in cases:
        notices = unreported_duties_for_change(tx.session, case.id, PLACES_THE_VICTIM)
        if notices:
            snapshot, policy = _snapshot(tx, case), _policy(tx, case)
            own = {duty.id: duty.do for duty in policy.duties}
            ages = AgeCheck(london_date(tx.now), Parameters(parameter_values(policy)))
            for notice in notices:
                what = own[notice.duty or ""] + words_of_notice(notice.duty or "", snapshot, ages)
                reword(tx.session, notice, with_bar(what, bar_in(notice.what)), WHY, tx.now)


def _snapshot(tx: Transaction, case: Case) -> CaseSnapshot:
    referral = latest_referral_of(tx.session, case.id)
    assert referral is not None  # noqa: S101 - a notice follows from a referral
    stated = known_facts(tx.session, referral)
    incidents = related_incidents(tx.session, case.victim_ref, case.perpetrator_ref, tx.now)
    return snapshot_of(stated, incidents, History(nation_of_area(tx.session, case.area)))


def _policy(tx: Transaction, case: Case) -> Policy:
    return policy_of_area(tx.session, case.area, tx.now)

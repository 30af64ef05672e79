"""What follows when a case no longer meets the criteria of MARAC although MARAC was asked about the victim.

Before MARAC answers, the request is taken back and the cases leave its lists. Once it has accepted nothing is taken
back: the chair decides, until the criteria are met again.
"""

from app.access.directory import calendar_of_area
from app.actions.outcomes.ending import end_actions, no_longer_owed
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.actions.repository import unreported_duties_for_change
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.duty_ids import MARAC_CRITERIA_NOT_MET
from app.meetings.lists.preparation_ended import NOT_LISTED, end_preparation
from app.meetings.repositories.listing_repository import leave_lists_of_forum
from app.ownership.models import Need
from app.ownership.proposal_repository import waiting_proposals
from app.ownership.proposals.answers import Withdrawal, withdraw_proposal
from app.ownership.repository import cases_of_need
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case, Decision
from app.reminders.deadline import Deadline
from app.vocabulary import Forum, NeedKind, Role

# [I] The chair looks at it by the end of the next working day.
WITHIN_WORKING_DAYS = 1
MET_AGAIN = "What is known now shows that the criteria of MARAC are met"
NOT_MET = "the newest decision shows that the criteria of MARAC are not met"


def take_back_request_to_marac(tx: Transaction, need: Need) -> None:
    """Withdraws MARAC's unanswered request to lead. The owner of the need stays."""
    for proposal in waiting_proposals(tx.session, need.id, ProposalKind.LEAD):
        if proposal.forum == Forum.MARAC:
            withdraw_proposal(tx.session, proposal, need, Withdrawal(NOT_MET, "service"), tx.now)


def leave_lists_of_marac(tx: Transaction, need: Need) -> None:
    """Takes every case of the victim off MARAC's lists: a case that nobody is to hear would wait there for ever."""
    cases = cases_of_need(tx.session, need.id)
    leave_lists_of_forum(tx.session, cases, Forum.MARAC, london_date(tx.now))
    end_preparation(tx, cases, NOT_LISTED)


def tell_chair(tx: Transaction, case: Case, decided: Decision) -> None:
    """Gives the chair the action to decide whether MARAC keeps the case."""
    due_on = calendar_of_area(tx.session, case.area).add(london_date(tx.now), WITHIN_WORKING_DAYS)
    action = Assignment(
        case_id=case.id,
        area=case.area,
        what="Decide whether MARAC keeps the case: what is known now no longer shows that its criteria are met",
        done_when="the chair's decision and its reason are recorded",
        owner_role=Role.MARAC_CHAIR,
        deadline=Deadline(due_on, None),
        duty=MARAC_CRITERIA_NOT_MET,
        about=NeedKind.VICTIM_SAFETY,
        decision_id=decided.id,
        forums=(Forum.MARAC,),
    )
    assign_duties(tx.session, [action], tx.now)


def end_question_to_chair(tx: Transaction, need: Need) -> None:
    """Ends the chair's question whether MARAC keeps the case: a case of the victim meets its criteria again."""
    for case_id in cases_of_need(tx.session, need.id):
        asked = unreported_duties_for_change(tx.session, case_id, {MARAC_CRITERIA_NOT_MET})
        end_actions(tx, asked, no_longer_owed(MET_AGAIN))

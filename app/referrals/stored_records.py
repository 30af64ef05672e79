"""Reads what a stored decision says. Every reader of a decision's record comes through here.

A decision is stored in its short form; the policy that made it prints the rest again.
"""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from app.policies.registry import policy_by_sha256
from app.referrals.models import Decision
from app.routing.policy.types import Fact, Policy
from app.routing.record.decision import RoutingDecision
from app.routing.record.owners import Standing, standing
from app.routing.record.short_form import StoredDecision
from app.routing.stored.printing import PrintedDecision, print_again
from app.vocabulary import Forum, NeedKind

_LEADS = {NeedKind.VICTIM_SAFETY: "victim", NeedKind.PERPETRATOR: "perpetrator"}
_DIED = {NeedKind.VICTIM_SAFETY: "victim_died", NeedKind.PERPETRATOR: "perpetrator_died"}


def printed_decision(session: Session, row: Decision) -> PrintedDecision:
    """Returns the whole decision, and whether it is the one that was made.

    Raises UnknownPolicyError without its policy.
    """
    return printed_under(policy_by_sha256(session, row.policy_sha256), row)


def printed_under(policy: Policy, row: Decision) -> PrintedDecision:
    """Returns the whole decision, printed from the policy that made it."""
    return print_again(policy, StoredDecision(row.policy_sha256, row.sha256, row.record))


def decision_of(session: Session, row: Decision) -> RoutingDecision:
    """Returns the whole decision."""
    return printed_decision(session, row).decision


def known_facts(row: Decision) -> dict[str, Fact]:
    """Returns the facts that were known; one that is not among them was not known."""
    facts: dict[str, Fact] = row.record["facts"]
    return facts


def answers_of(row: Decision) -> dict[str, str]:
    """Returns the decision's answers by question."""
    answers: dict[str, str] = row.record["outcomes"]
    return answers


def answer_of(row: Decision, outcome: str) -> str | None:
    """Returns the decision's answer to that question; None when it was not asked."""
    return answers_of(row).get(outcome)


def asked_to_lead(row: Decision, need: NeedKind) -> Forum:
    """Returns the forum that the decision asks to lead on the need."""
    return Forum(row.record[_LEADS[need]]["forum"])


def asked_to_hold(row: Decision, need: NeedKind) -> Forum:
    """Returns the forum that is to have the need until the one asked to lead accepts. It may not own it yet."""
    return Forum(row.record[_LEADS[need]]["holder"])


def owner_when_decided(row: Decision, need: NeedKind) -> Forum:
    """Returns the forum that owned the need when it was decided."""
    of_victim = need is NeedKind.VICTIM_SAFETY
    return Forum(str(known_facts(row)["victim_held_by"] if of_victim else row.record["held_by"]))


def stood_when_decided(row: Decision, need: NeedKind) -> Standing:
    """Returns how the need stood when it was decided: by it a forum that the decision names is asked, or not."""
    return standing(need, answers_of(row), known_facts(row))


def person_had_died(row: Decision, need: NeedKind) -> bool:
    """Returns whether the person whom the need is about had died when it was decided."""
    return known_facts(row)[_DIED[need]] is True


def answers_marac_yes() -> ColumnElement[bool]:
    """Returns the condition that the decision's answer about MARAC is yes."""
    condition: ColumnElement[bool] = Decision.record["outcomes"]["marac"].astext == "yes"
    return condition


def meets_marac_ground() -> ColumnElement[bool]:
    """Returns the condition that a MARAC ground was met by known facts: only then there is a finding for MARAC."""
    return and_(answers_marac_yes(), Decision.record["findings"].has_key("marac"))

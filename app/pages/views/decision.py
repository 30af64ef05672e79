"""A stored decision as a page. Every sentence comes from the decision itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.pages.rendering.labels import OPERATORS, QUESTIONS
from app.referrals.models import Case, Decision
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.repositories.decision_repository import decisions_of_referral
from app.referrals.repositories.report_repository import not_for_disclosure_of
from app.referrals.stored_records import decision_of
from app.routing.handbook.explain import Audience, Passage, citation, explain
from app.routing.policy.conditions import Comparison
from app.routing.policy.labels import capitalised
from app.routing.policy.sentences import value_in_words
from app.routing.record.decision import Finding


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One rule that held: what it says, what it settled, what was compared, and its source."""

    says: str
    settled: str
    compared: tuple[str, ...]
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class OtherDecision:
    """Another decision about the same referral."""

    decision_id: str
    decided_at: datetime
    because: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Everything the page shows, the lead first."""

    case: str
    decided_at: datetime
    because: str
    policy: str
    policy_sha256: str
    is_open: bool
    withholds_information: bool
    who_leads: tuple[str, ...]
    passages: tuple[Passage, ...]
    findings: tuple[FindingRow, ...]
    duties: tuple[str, ...]
    audit: tuple[Passage, ...]
    others: tuple[OtherDecision, ...]

    @property
    def is_superseded(self) -> bool:
        """Whether a later decision replaces this one."""
        return any(other.is_later for other in self.others)


def decision_page(session: Session, stored: Decision) -> DecisionPage:
    """Reads the decision in its stored words, and the other decisions about the same referral."""
    decision = decision_of(session, stored)
    who, *rest = explain(decision, Audience.CHAIR).passages
    practical = {p.heading: p.sentences for p in explain(decision, Audience.PRACTITIONER).passages}
    return DecisionPage(
        case=_reference(case_by_id(session, stored.case_id), stored),
        decided_at=stored.decided_at,
        because=stored.because,
        policy=f"{stored.policy_id} {stored.policy_version}",
        policy_sha256=stored.policy_sha256,
        withholds_information=bool(not_for_disclosure_of(session, stored.referral_id)),
        is_open=bool(decision.open),
        who_leads=who.sentences,
        passages=tuple(rest),
        findings=tuple(_finding_row(finding) for finding in decision.findings),
        duties=practical.get("What must be done", ()),
        audit=explain(decision, Audience.AUDITOR).passages,
        others=_others(stored, decisions_of_referral(session, stored.referral_id)),
    )


def _reference(case: Case | None, stored: Decision) -> str:
    return case.reference if case else stored.case_id


def _finding_row(finding: Finding) -> FindingRow:
    return FindingRow(
        says=capitalised(finding.because),
        settled=f"{capitalised(QUESTIONS[finding.outcome])}: {finding.effect.replace('_', ' ')}",
        compared=tuple(_compared(used) for used in finding.used),
        source=citation(finding.source),
        rule=finding.rule,
    )


def _compared(used: Comparison) -> str:
    figure = " or ".join(value_in_words(value).replace("_", " ") for value in used.threshold)
    value = value_in_words(used.value).replace("_", " ")
    return (
        f"{capitalised(used.fact.replace('_', ' '))} is {value}; the rule asks for {OPERATORS[used.operator]}{figure}"
    )


def _others(stored: Decision, decisions: Sequence[Decision]) -> tuple[OtherDecision, ...]:
    return tuple(
        OtherDecision(one.id, one.decided_at, one.because, one.number > stored.number)
        for one in reversed(decisions)
        if one.id != stored.id
    )

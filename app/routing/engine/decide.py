"""Decides on facts under a policy. A pure function: no clock, no input or output, no randomness.

The order is fixed: answer each question, look up both leads, then say who helps, what must be done, what nearly
applied and what is not known. What is not known never stops a decision and never asks a forum to lead: the
question is open, the holder keeps the need, and one enquiry for each post asks what can still change the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.engine.assembly import DecisionParts, assemble_decision
from app.routing.engine.enquiries import Screening, enquiries, is_screened, what_each_decides
from app.routing.engine.fact_reading import CheckedFacts
from app.routing.engine.leads import PERPETRATOR_LEAD, VICTIM_LEAD, candidates
from app.routing.engine.outcome_answers import Answers, answer_all
from app.routing.engine.prepared_policy import PreparedPolicy, prepare
from app.routing.engine.supports import applying
from app.routing.engine.why_not import reasons_not_to_lead
from app.routing.policy.columns import column_values
from app.routing.policy.outcomes import primacy_rows
from app.routing.policy.refusals import DECLINED_FACTS, declined_fact
from app.routing.policy.types import Facts, Policy
from app.routing.record.decision import Enquiry, Finding, Lead, OpenQuestion, RoutingDecision, WhyNot
from app.routing.record.serialisation import SerialisedPart
from app.vocabulary import Forum

# Every fingerprint covers it: after a change no stored decision replays to the byte.
ENGINE_VERSION = "2"


@dataclass(frozen=True, slots=True)
class _Settled:
    """The answers of every question, with the columns and the two leads that follow from them."""

    answers: Answers
    columns: Mapping[str, str]
    victim: tuple[SerialisedPart[Lead], ...]
    perpetrator: tuple[SerialisedPart[Lead], ...]


def decide(policy: Policy, facts: Facts) -> RoutingDecision:
    """Returns the decision on these facts under this policy. Raises FactErrors when a fact is missing or wrong.

    The same facts and policy give the same bytes, in any order of the facts and on any machine.
    """
    prepared = prepare(policy)
    given = prepared.facts.read(facts)
    return assemble_decision(prepared, _drafted(prepared, given, _settled(prepared, given)))


def _settled(prepared: PreparedPolicy, given: CheckedFacts) -> _Settled:
    known = given.known
    answers = answer_all(prepared.questions, known, lambda seen, marac: is_screened(prepared.duties, seen, marac))
    columns = column_values(answers.by_question, given.facts)
    victim = tuple(candidates(prepared.victim, answers.by_question, columns, known))
    perpetrator = tuple(candidates(prepared.perpetrator, answers.by_question, columns, known))
    for column, value in columns.items():
        known.settle(column, value)
    for table, asked in ((VICTIM_LEAD, victim), (PERPETRATOR_LEAD, perpetrator)):
        known.settle(table, asked[0].part.forum.value)
    return _Settled(answers, columns, victim, perpetrator)


def _drafted(prepared: PreparedPolicy, given: CheckedFacts, settled: _Settled) -> DecisionParts:
    """Returns the parts of the decision."""
    answers, known = settled.answers, given.known
    outcomes = answers.by_question
    findings = tuple([prepared.findings[each.rule.id].on(known) for each in answers.fired])
    screened = is_screened(prepared.duties, known, outcomes["marac"])
    return DecisionParts(
        engine_version=ENGINE_VERSION,
        given=given,
        outcomes=outcomes,
        primacy_rows=primacy_rows(outcomes["marac"], outcomes["matac"], outcomes["mappa"]),
        held_by=_held_by(given.facts),
        victim=settled.victim,
        perpetrator=settled.perpetrator,
        supports=tuple(applying(prepared.supports, known)),
        why_not=_why_not(settled, given.facts, findings),
        findings=findings,
        near_misses=tuple(prepared.near_misses.on(known, given.facts)),
        open=tuple(open_question(prepared.policy, name, answers.deciding[name], given.facts) for name in answers.open),
        enquiries=_enquiries(prepared, given, answers) if screened else (),
        not_looked_up=() if screened else given.unknown,
        duties=tuple(prepared.duties.on(known)),
        warnings=tuple(applying(prepared.warnings, known)),
    )


def _why_not(
    settled: _Settled, facts: Facts, findings: tuple[SerialisedPart[Finding], ...]
) -> tuple[SerialisedPart[WhyNot], ...]:
    return tuple(
        reasons_not_to_lead(
            settled.columns,
            tuple(lead.part.forum for lead in settled.victim),
            tuple(lead.part.forum for lead in settled.perpetrator),
            frozenset([forum for forum, declined in DECLINED_FACTS if facts[declined]]),
            tuple(finding.part for finding in findings),
        )
    )


def _enquiries(prepared: PreparedPolicy, given: CheckedFacts, answers: Answers) -> tuple[Enquiry, ...]:
    decides = what_each_decides(answers, prepared.duties, given)
    return enquiries(prepared.policy, given, Screening(decides, prepared.duties.review(given.known)))


def open_question(policy: Policy, name: str, deciding: tuple[str, ...], facts: Facts) -> OpenQuestion:
    """Returns the question with the words that a reader is told.

    Where everything that decides it is looked up of a perpetrator whom nobody has identified, that comes first.
    """
    labels = "; ".join(policy.facts[fact].label for fact in deciding)
    waits = facts["perpetrator_known"] is False and all(policy.facts[fact].needs_identity for fact in deciding)
    first = ", and asked about once the perpetrator is identified" if waits else ""
    return OpenQuestion(name, deciding, f"{policy.outcomes[name].label}: not known yet{first}. It depends on: {labels}")


def _held_by(facts: Facts) -> Forum:
    """Returns the accepted owner of the perpetrator need; the hub when that owner has declined since."""
    owner = Forum(str(facts["held_by"]))
    return Forum.HUB if facts.get(declined_fact(owner)) else owner

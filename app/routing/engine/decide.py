"""Decides on facts under a policy. A pure function: no clock, no input or output, no randomness.

The order is fixed: answer each question, look up both leads, then supports, duties, near misses and what is not
known. An unknown fact never stops a decision: each question says how it is read while open, the decision says so and is
provisional, and somebody has the duty to find out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.engine.assembly import DecisionParts, assemble_decision
from app.routing.engine.fact_reading import CheckedFacts
from app.routing.engine.known_facts import KnownFacts
from app.routing.engine.leads import PERPETRATOR_LEAD, VICTIM_LEAD, LeadAnswer, answer_lead, open_lead
from app.routing.engine.outcome_answers import Answers, answer_all, open_questions
from app.routing.engine.prepared_policy import PreparedPolicy, prepare
from app.routing.engine.supports import applying
from app.routing.engine.why_not import reasons_not_to_lead
from app.routing.policy.columns import column_values, possible_column_values
from app.routing.policy.outcomes import WHEN_MET, primacy_row
from app.routing.policy.refusals import DECLINED_FACTS, declined_fact
from app.routing.policy.types import Facts, Policy
from app.routing.record.decision import RoutingDecision, Unsettled
from app.vocabulary import Forum

# Every fingerprint covers it: after a change no stored decision replays to the byte.
ENGINE_VERSION = "1"
_ROUTING = ("marac", "matac", "mappa", VICTIM_LEAD, PERPETRATOR_LEAD)
_ASKED_ABOUT = ("marac", "matac", "mappa", "review")


@dataclass(frozen=True, slots=True)
class _Settled:
    """The answers of every question and both leads, with the columns from which the leads were looked up."""

    answers: Answers
    columns: Mapping[str, str]
    victim: LeadAnswer
    perpetrator: LeadAnswer
    unsettled: tuple[Unsettled, ...]


def decide(policy: Policy, facts: Facts) -> RoutingDecision:
    """Returns the decision on these facts under this policy. Raises FactErrors when a fact is missing or wrong.

    The same facts and policy give the same bytes, in any order of the facts and on any machine.
    """
    prepared = prepare(policy)
    given = prepared.facts.read(facts)
    return assemble_decision(prepared, _drafted(prepared, given, _settled(prepared, given)))


def _settled(prepared: PreparedPolicy, given: CheckedFacts) -> _Settled:
    policy, known = prepared.policy, given.known
    answers = answer_all(policy, prepared.questions, known)
    columns = column_values(answers.taken, given.facts)
    possible = _possible_cells(answers, columns, given.facts)
    victim = answer_lead(prepared.victim, answers, columns, possible, known)
    perpetrator = answer_lead(prepared.perpetrator, answers, columns, possible, known)
    unsettled = (
        *open_questions(policy, answers),
        *open_lead(policy, victim, answers),
        *open_lead(policy, perpetrator, answers),
    )
    for column, values in possible.items():
        # The value taken meanwhile counts as possible too: duties follow from it even when it is not one of these.
        known.settle(column, (*values, columns[column]) if columns[column] not in values else values)
    known.settle(victim.name, victim.forums)
    _settle_what_is_asked_when_met(known, answers, columns, perpetrator)
    return _Settled(answers, columns, victim, perpetrator, unsettled)


def _settle_what_is_asked_when_met(
    known: KnownFacts, answers: Answers, columns: Mapping[str, str], perpetrator: LeadAnswer
) -> None:
    """Duties follow from whom the decision asks about the perpetrator, and not from whom it might have asked."""
    for question in WHEN_MET:
        known.settle(question, (answers.taken[question],))
    for column in ("mappa_path", "matac_path"):
        known.settle(column, (columns[column],))
    known.settle(perpetrator.name, (perpetrator.lead.forum.value,))


def _possible_cells(answers: Answers, columns: Mapping[str, str], facts: Facts) -> dict[str, tuple[str, ...]]:
    """Returns every value that each column could have: one for each, when no answer is open."""
    if not answers.open:
        return {column: (value,) for column, value in columns.items()}
    still_open = {name: answer.possible for name, answer in answers.open.items()}
    return possible_column_values(answers.taken, still_open, columns, facts)


def _drafted(prepared: PreparedPolicy, given: CheckedFacts, settled: _Settled) -> DecisionParts:
    """Returns the parts of the decision."""
    taken, known = settled.answers.taken, given.known
    findings = tuple([prepared.findings[each.rule.id].on(known) for each in settled.answers.fired])
    return DecisionParts(
        engine_version=ENGINE_VERSION,
        given=given,
        outcomes=taken,
        primacy_row=primacy_row(taken["marac"], taken["matac"], taken["mappa"]),
        provisional=any(each.outcome in _ROUTING for each in settled.unsettled),
        held_by=_held_by(given.facts),
        victim=settled.victim.candidates,
        perpetrator=settled.perpetrator.candidates,
        supports=tuple(applying(prepared.supports, _as_taken(known, settled))),
        why_not=tuple(
            reasons_not_to_lead(
                settled.columns,
                settled.victim.lead.forum,
                settled.perpetrator.lead.forum,
                frozenset([forum for forum, declined in DECLINED_FACTS if given.facts[declined]]),
                tuple(finding.part for finding in findings),
            )
        ),
        findings=findings,
        near_misses=tuple(prepared.near_misses.on(known, given.facts)),
        unsettled=settled.unsettled,
        duties=(
            *prepared.duties.on(known),
            *prepared.duties.finding_out(_to_find_out(prepared, given, settled)),
        ),
        warnings=tuple(applying(prepared.warnings, known)),
    )


def _to_find_out(prepared: PreparedPolicy, given: CheckedFacts, settled: _Settled) -> tuple[str, ...]:
    """Returns the unknown facts that somebody must find out: they decide who leads, or what must be done."""
    questions = (*_ASKED_ABOUT, *settled.victim.questions, *settled.perpetrator.questions)
    names = [name for question in questions for name in settled.answers.ask_first(question)]
    facts, unidentified = prepared.policy.facts, settled.columns["identified"] == "no"
    for name in prepared.duties.left_open(given.known):
        names += [name] if name in facts else settled.answers.ask_first(name)
    # About a person whom nobody has identified there is nobody to ask.
    return tuple(name for name in dict.fromkeys(names) if not (unidentified and facts[name].needs_identity))


def _held_by(facts: Facts) -> Forum:
    """Returns the accepted owner of the perpetrator need; the hub when that owner has declined since."""
    owner = Forum(str(facts["held_by"]))
    return Forum.HUB if facts.get(declined_fact(owner)) else owner


def _as_taken(known: KnownFacts, settled: _Settled) -> KnownFacts:
    """Returns what is known, with every open answer as it is taken meanwhile."""
    if not known.open:
        return known
    leads = {each.name: each.lead.forum.value for each in (settled.victim, settled.perpetrator)}
    return known.as_taken({**settled.answers.taken, **settled.columns, **leads})

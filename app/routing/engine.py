"""Facts and a policy in, one decision out. Pure: no clock, no input, no output, no chance.

The order is fixed: answer each question, look up both leads, then say who helps, what must be
done, what nearly applied and what is not known. An unknown never stops a decision: it is read
the safe way, the decision says so and is provisional, and somebody is given the duty to find out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.routing.answers import Answers, answer_all, open_questions
from app.routing.codec import fingerprint, to_dict
from app.routing.columns import cell, possible_cells
from app.routing.conditions import Known, used
from app.routing.decision import Decision, Finding, Unsettled
from app.routing.derived_status import REFUSERS, declined_fact
from app.routing.duties import duties, finding_out, left_open, supports, warnings
from app.routing.facts import checked_facts
from app.routing.leads import PERPETRATOR_LEAD, VICTIM_LEAD, LeadAnswer, answer_lead, open_lead
from app.routing.near_misses import near_misses
from app.routing.outcomes import primacy_row
from app.routing.sentences import filled
from app.routing.types import Fact, Facts, Policy, Rule
from app.routing.why_not import reasons_not_to_lead
from app.vocabulary import Forum

ENGINE_VERSION = "1"
_ROUTING = ("marac", "matac", "mappa", VICTIM_LEAD, PERPETRATOR_LEAD)
_ASKED_ABOUT = ("marac", "matac", "mappa", "review")


@dataclass(frozen=True, slots=True)
class _Settled:
    """Every question and both leads answered, with the columns they were looked up from."""

    answers: Answers
    columns: Mapping[str, str]
    victim: LeadAnswer
    perpetrator: LeadAnswer
    unsettled: tuple[Unsettled, ...]


def decide(policy: Policy, facts: Facts) -> Decision:
    """The decision on these facts under this policy. Raises FactErrors when a key is absent or wrong.

    Same facts and policy, same bytes, in any order of the facts and on any machine.
    """
    checked = checked_facts(facts, policy.facts)
    draft = _drafted(policy, checked, _settled(policy, checked))
    return replace(draft, sha256=fingerprint(to_dict(draft)))


def _settled(policy: Policy, facts: Facts) -> _Settled:
    answers = answer_all(policy, facts)
    columns = cell(answers.taken, facts)
    possible = possible_cells(answers.taken, answers.possible, facts)
    victim = answer_lead(policy, VICTIM_LEAD, answers, possible, facts)
    perpetrator = answer_lead(policy, PERPETRATOR_LEAD, answers, possible, facts)
    unsettled = (
        *open_questions(policy, answers),
        *open_lead(policy, victim, answers),
        *open_lead(policy, perpetrator, answers),
    )
    for column, values in possible.items():
        # What is taken meanwhile has its own consequences, even where it is not one of the ways out.
        answers.known.settle(column, tuple(dict.fromkeys((*values, columns[column]))))
    for lead in (victim, perpetrator):
        answers.known.settle(lead.name, lead.forums)
    return _Settled(answers, columns, victim, perpetrator, unsettled)


def _drafted(policy: Policy, facts: Mapping[str, Fact], settled: _Settled) -> Decision:
    """The decision without its own fingerprint."""
    taken, known = settled.answers.taken, settled.answers.known
    victim, perpetrator = settled.victim.lead, settled.perpetrator.lead
    findings = tuple(_finding(policy, rule, known) for rule in settled.answers.fired)
    declined = frozenset(forum for forum in REFUSERS if facts[declined_fact(forum)])
    why_not = reasons_not_to_lead(settled.columns, victim.forum, perpetrator.forum, declined, findings)
    return Decision(
        policy_id=policy.id,
        policy_version=policy.version,
        policy_sha256=policy.sha256,
        engine_version=ENGINE_VERSION,
        primacy_row=primacy_row(taken["marac"], taken["matac"], taken["mappa"]),
        provisional=any(each.outcome in _ROUTING for each in settled.unsettled),
        outcomes=MappingProxyType(dict(taken)),
        victim=victim,
        perpetrator=perpetrator,
        victim_candidates=settled.victim.candidates,
        perpetrator_candidates=settled.perpetrator.candidates,
        held_by=_held_by(facts),
        supports=tuple(supports(policy, _as_taken(settled))),
        why_not=tuple(why_not),
        findings=findings,
        near_misses=tuple(near_misses(policy, known)),
        unsettled=settled.unsettled,
        duties=(*duties(policy, known), *finding_out(policy, _to_find_out(policy, settled))),
        warnings=tuple(warnings(policy, known)),
        facts=MappingProxyType(dict(facts)),
        facts_sha256=fingerprint(facts),
        sha256="",
    )


def _to_find_out(policy: Policy, settled: _Settled) -> tuple[str, ...]:
    """The unknown facts that somebody must find out: they decide who leads, or what must be done."""
    questions = (*_ASKED_ABOUT, *settled.victim.questions, *settled.perpetrator.questions)
    names = [name for question in questions for name in settled.answers.ask_first[question]]
    names += left_open(policy, settled.answers.known)
    unidentified = settled.columns["identified"] == "no"
    return tuple(
        name for name in dict.fromkeys(names) if not (unidentified and policy.facts[name].needs_identity)
    )


def _held_by(facts: Facts) -> Forum:
    """The accepted owner of the perpetrator need; one that has since declined leaves it to the hub."""
    owner = Forum(str(facts["held_by"]))
    return Forum.HUB if facts.get(declined_fact(owner)) else owner


def _as_taken(settled: _Settled) -> Known:
    """What is known, with every open answer as it is read meanwhile."""
    leads = {each.name: each.lead.forum.value for each in (settled.victim, settled.perpetrator)}
    return Known({**settled.answers.known, **settled.answers.taken, **settled.columns, **leads})


def _finding(policy: Policy, rule: Rule, known: Known) -> Finding:
    return Finding(
        rule.id,
        rule.outcome,
        "excluded" if rule.exclusion else rule.value,
        filled(rule.says, known),
        tuple(used(condition, known) for condition in rule.when),
        policy.sources[rule.source],
    )

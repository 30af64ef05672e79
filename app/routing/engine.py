"""Facts and a policy in, one decision out. Pure: no clock, no input, no output, no chance.

The order is fixed: answer each question, look up both leads, then say who helps, what must be
done, what nearly applied and what is not known. An unknown never stops a decision: it is read
the safe way, the decision says so and is provisional, and somebody is given the duty to find out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.routing.answers import Answers, answer_all, open_questions, open_sentence
from app.routing.codec import fingerprint, to_dict
from app.routing.columns import COLUMN_INPUTS, cell, possible_cells
from app.routing.conditions import Known, used
from app.routing.decision import Decision, Finding, Lead, Unsettled
from app.routing.derived_status import REFUSERS, declined_fact
from app.routing.duties import duties, finding_out, supports, warnings
from app.routing.facts import checked_facts
from app.routing.leads import candidates, possible_rows
from app.routing.near_misses import near_misses
from app.routing.outcomes import primacy_row
from app.routing.sentences import filled
from app.routing.types import Fact, Facts, Policy, Row, Rule
from app.routing.why_not import reasons_not_to_lead
from app.vocabulary import Forum

ENGINE_VERSION = "1"
VICTIM_LEAD, PERPETRATOR_LEAD = "victim_lead", "perpetrator_lead"
_ROUTING = ("marac", "matac", "mappa", VICTIM_LEAD, PERPETRATOR_LEAD)
_LEAD_LABELS = {
    VICTIM_LEAD: "who leads on the victim's safety",
    PERPETRATOR_LEAD: "who leads on the perpetrator",
}


@dataclass(frozen=True, slots=True)
class _Settled:
    """Both leads with the columns they were looked up from, and what is still open."""

    answers: Answers
    columns: Mapping[str, str]
    victims: tuple[Lead, ...]
    perpetrators: tuple[Lead, ...]
    unsettled: tuple[Unsettled, ...]


def decide(policy: Policy, facts: Facts) -> Decision:
    """The decision on these facts under this policy. Raises FactErrors when a key is absent or wrong.

    Same facts and policy, same bytes, in any order of the facts and on any machine.
    """
    checked = checked_facts(facts, policy.facts)
    settled = _settle_leads(policy, checked)
    draft = _drafted(policy, checked, settled)
    return replace(draft, sha256=fingerprint(to_dict(draft)))


def _settle_leads(policy: Policy, facts: Facts) -> _Settled:
    answers = answer_all(policy, facts)
    possible = possible_cells(answers.taken, answers.possible, facts)
    victims = tuple(candidates(policy, policy.victim_rows, answers.taken, facts))
    perpetrators = tuple(candidates(policy, policy.perpetrator_rows, answers.taken, facts))
    unsettled = (
        *open_questions(policy, answers),
        *_open_lead(policy, VICTIM_LEAD, possible, victims[0], answers),
        *_open_lead(policy, PERPETRATOR_LEAD, possible, perpetrators[0], answers),
    )
    columns = cell(answers.taken, facts)
    for column, values in possible.items():
        answers.known.settle(column, tuple(dict.fromkeys((*values, columns[column]))))
    answers.known.settle(VICTIM_LEAD, _forums(policy.victim_rows, possible, victims[0]))
    answers.known.settle(PERPETRATOR_LEAD, _forums(policy.perpetrator_rows, possible, perpetrators[0]))
    return _Settled(answers, columns, victims, perpetrators, unsettled)


def _drafted(policy: Policy, facts: Mapping[str, Fact], settled: _Settled) -> Decision:
    """The decision without its own fingerprint."""
    answers, known = settled.answers, settled.answers.known
    victim, perpetrator = settled.victims[0], settled.perpetrators[0]
    findings = tuple(_finding(policy, rule, known) for rule in answers.fired)
    declined = frozenset(forum for forum in REFUSERS if facts[declined_fact(forum)])
    return Decision(
        policy_id=policy.id,
        policy_version=policy.version,
        policy_sha256=policy.sha256,
        engine_version=ENGINE_VERSION,
        primacy_row=primacy_row(answers.taken["marac"], answers.taken["matac"], answers.taken["mappa"]),
        provisional=any(each.outcome in _ROUTING for each in settled.unsettled),
        outcomes=MappingProxyType(dict(answers.taken)),
        victim=victim,
        perpetrator=perpetrator,
        victim_candidates=settled.victims,
        perpetrator_candidates=settled.perpetrators,
        held_by=_held_by(facts),
        supports=tuple(supports(policy, _as_taken(settled))),
        why_not=tuple(
            reasons_not_to_lead(settled.columns, victim.forum, perpetrator.forum, declined, findings)
        ),
        findings=findings,
        near_misses=tuple(near_misses(policy, known)),
        unsettled=settled.unsettled,
        duties=(*duties(policy, known), *finding_out(policy, _deciding(policy, settled))),
        warnings=tuple(warnings(policy, known)),
        facts=MappingProxyType(dict(facts)),
        facts_sha256=fingerprint(facts),
        sha256="",
    )


def _rows(policy: Policy, lead: str) -> tuple[Row, ...]:
    return policy.victim_rows if lead == VICTIM_LEAD else policy.perpetrator_rows


def _forums(rows: tuple[Row, ...], possible: Mapping[str, tuple[str, ...]], lead: Lead) -> tuple[str, ...]:
    """Every forum that could lead, with the one that is taken to lead meanwhile."""
    forums = (row.lead.value for row in possible_rows(rows, possible))
    return tuple(dict.fromkeys((*forums, lead.forum.value)))


def _open_lead(
    policy: Policy,
    name: str,
    possible: Mapping[str, tuple[str, ...]],
    lead: Lead,
    answers: Answers,
) -> tuple[Unsettled, ...]:
    """The lead as an open question, when more than one forum could lead."""
    rows = possible_rows(_rows(policy, name), possible)
    forums = _forums(_rows(policy, name), possible, lead)
    if len(forums) == 1:
        return ()
    open_columns = dict.fromkeys(c.left for row in rows for c in row.when if len(possible[c.left]) > 1)
    questions = (question for column in open_columns for question in COLUMN_INPUTS.get(column, (column,)))
    deciding = tuple(dict.fromkeys(fact for question in questions for fact in answers.decided_by[question]))
    sentence = open_sentence(policy, _LEAD_LABELS[name], deciding)
    return (Unsettled(name, forums, deciding, lead.forum.value, sentence),)


def _deciding(policy: Policy, settled: _Settled) -> tuple[str, ...]:
    """The unknown facts that somebody must find out, because they decide who is asked or who leads."""
    matter = {*_ROUTING, "review"}
    names = (name for each in settled.unsettled if each.outcome in matter for name in each.decided_by)
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
    leads = {
        VICTIM_LEAD: settled.victims[0].forum.value,
        PERPETRATOR_LEAD: settled.perpetrators[0].forum.value,
    }
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

"""Builds responses about one policy: its parameters, rules, sources, proof and examples."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.policies.registry import RegisteredPolicy
from app.policies.schemas import (
    DepartureOut,
    ParameterOut,
    PolicyExampleOut,
    PolicyOut,
    PolicySummaryOut,
    ProofOut,
    ProvedOut,
    RuleOut,
    SourceOut,
)
from app.routing.comparison.part_changes import field_in_words
from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import PolicyExample, unmet_expectations
from app.routing.handbook.confidence import CONFIDENCE_MEANINGS
from app.routing.handbook.tables import PROVED_CLAIMS
from app.routing.loading.catalogue import NoPolicyError, policy_at
from app.routing.policy.labels import due_name
from app.routing.policy.types import Parameter, Policy
from app.routing.proof.prove import prove


def policy_summary_out(
    registered: RegisteredPolicy, now: datetime, others: Iterable[RegisteredPolicy]
) -> PolicySummaryOut:
    """Returns the policy as the list shows it. `others` are the versions among which one decides now."""
    return PolicySummaryOut(**_summary_fields(registered, now, others))


def _summary_fields(
    registered: RegisteredPolicy, now: datetime, others: Iterable[RegisteredPolicy]
) -> dict[str, object]:
    policy = registered.policy
    here = f"/v1/policies/{policy.id}"
    links = {
        "self": f"{here}?version={policy.version}",
        "proof": f"{here}/proof?version={policy.version}",
        "examples": f"{here}/examples?version={policy.version}",
        "handbook": f"{here}?version={policy.version}&format=html",
    }
    names = ("id", "version", "title", "in_force", "applies_to", "extends", "sha256")
    return {
        **{name: getattr(policy, name) for name in names},
        "standing": registered.standing,
        "decides_now": _decides_now(policy, now, others),
        "links": links,
    }


def _decides_now(policy: Policy, now: datetime, others: Iterable[RegisteredPolicy]) -> bool:
    try:
        return policy_at((each.policy for each in others), policy.id, now) is policy
    except NoPolicyError:
        return False


def policy_out(registered: RegisteredPolicy, now: datetime, others: Iterable[RegisteredPolicy]) -> PolicyOut:
    """Returns the whole policy: parameters, rules, departures and sources."""
    policy = registered.policy
    return PolicyOut(
        **_summary_fields(registered, now, others),
        parameters=[_parameter_out(each) for each in policy.parameters.values()],
        rules=list(_rules_out(policy)),
        departures=[DepartureOut.model_validate(each) for each in policy.departures],
        sources=[
            SourceOut(
                id=each.id,
                title=each.title,
                paragraph=each.paragraph,
                says=each.says,
                confidence=each.tag,
                url=each.url,
            )
            for each in policy.sources.values()
        ],
    )


def _parameter_out(parameter: Parameter) -> ParameterOut:
    return ParameterOut(
        name=parameter.name,
        label=parameter.label,
        value=parameter.value,
        unit=parameter.unit,
        low=parameter.low,
        high=parameter.high,
        values=list(parameter.values),
        locked=parameter.locked,
        confidence=parameter.tag,
        confidence_means=CONFIDENCE_MEANINGS[parameter.tag],
        source=parameter.source,
    )


def _rules_out(policy: Policy) -> Iterator[RuleOut]:
    for rule in policy.rules:
        answer = f"{rule.outcome}: {'excluded' if rule.exclusion else rule.value}"
        yield _rule_out(rule, "rule", [field_in_words(c) for c in rule.when], answer, locked=rule.locked)
    for kind, rows in (("victim_lead", policy.victim_rows), ("perpetrator_lead", policy.perpetrator_rows)):
        for row in rows:
            asked = f"{row.lead} is asked to lead, {due_name(row.accept_within)} to accept"
            answer = f"{asked}; {row.holder} is to hold meanwhile"
            yield _rule_out(row, kind, [field_in_words(c) for c in row.when], answer)
    for support in policy.supports:
        yield _rule_out(
            support,
            "support",
            [field_in_words(c) for c in support.when],
            f"{support.forum or support.role} helps",
        )
    for duty in policy.duties:
        when = [field_in_words(group) for group in duty.when_any]
        yield _rule_out(duty, "duty", when, f"{duty.owner}, {due_name(duty.due)}: {duty.do}")
    for warning in policy.warnings:
        yield _rule_out(warning, "warning", [field_in_words(c) for c in warning.when], "shown")


def _rule_out(part: object, kind: str, when: list[str], answers: str, *, locked: bool = False) -> RuleOut:
    named = {name: getattr(part, name) for name in ("id", "says", "source")}
    return RuleOut(**named, kind=kind, when=when, answers=answers, locked=locked)


def proof_out(policy: Policy) -> ProofOut:
    """Returns the proof of the policy, run now."""
    report = prove(policy)
    return ProofOut(
        policy=f"{policy.id} {policy.version}",
        sha256=policy.sha256,
        holds=not report.faults,
        situations=sum(each.situations for each in report.proved),
        proved=[ProvedOut.model_validate(each) for each in report.proved],
        claims=list(PROVED_CLAIMS),
    )


def example_out(policy: Policy, example: PolicyExample) -> PolicyExampleOut:
    """Returns the example, decided now under the policy, with every expectation that is not met."""
    differs = list(unmet_expectations(decide(policy, example.given), example.expect))
    return PolicyExampleOut(
        name=example.name,
        source=example.source,
        given=dict(example.given),
        expect=dict(example.expect),
        holds=not differs,
        differs=differs,
    )

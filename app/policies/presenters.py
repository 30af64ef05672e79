"""Policies, drafts and differences as callers see them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.policies import repository
from app.policies.change_schemas import ActivationOut, ActivationProposalOut, DraftOut
from app.policies.models import PolicyDraft
from app.policies.registry import Shelved
from app.policies.schemas import (
    ChangedOut,
    DepartureOut,
    DiffOut,
    FigureOut,
    PolicyLine,
    PolicyOut,
    RuleOut,
    ShiftOut,
    SourceOut,
)
from app.routing.comparison.compare import PolicyDiff
from app.routing.comparison.difference_wording import box_words, told
from app.routing.comparison.part_changes import said
from app.routing.handbook.confidence import CONFIDENCE
from app.routing.loading.catalogue import NoPolicyError, policy_at
from app.routing.policy.labels import due_name
from app.routing.policy.types import Parameter, Policy


def show_line(shelved: Shelved, now: datetime, others: Iterable[Shelved]) -> PolicyLine:
    """The policy in one line of the list."""
    return PolicyLine(**_line(shelved, now, others))


def _line(shelved: Shelved, now: datetime, others: Iterable[Shelved]) -> dict[str, object]:
    policy = shelved.policy
    here = f"/v1/policies/{policy.id}"
    links = {
        "self": f"{here}?version={policy.version}",
        "proof": f"{here}/proof?version={policy.version}",
        "cases": f"{here}/cases?version={policy.version}",
        "handbook": f"{here}?version={policy.version}&format=html",
    }
    names = ("id", "version", "title", "in_force", "applies_to", "extends", "sha256")
    return {
        **{name: getattr(policy, name) for name in names},
        "standing": shelved.standing,
        "decides_now": _decides(policy, now, others),
        "links": links,
    }


def _decides(policy: Policy, now: datetime, others: Iterable[Shelved]) -> bool:
    try:
        return policy_at((each.policy for each in others), policy.id, now) is policy
    except NoPolicyError:
        return False


def show_policy(shelved: Shelved, now: datetime, others: Iterable[Shelved]) -> PolicyOut:
    """The policy whole."""
    policy = shelved.policy
    return PolicyOut(
        **_line(shelved, now, others),
        figures=[_figure(each) for each in policy.parameters.values()],
        rules=list(_rules(policy)),
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


def _figure(parameter: Parameter) -> FigureOut:
    return FigureOut(
        name=parameter.name,
        label=parameter.label,
        value=parameter.value,
        unit=parameter.unit,
        low=parameter.low,
        high=parameter.high,
        values=list(parameter.values),
        locked=parameter.locked,
        confidence=parameter.tag,
        confidence_means=CONFIDENCE[parameter.tag],
        source=parameter.source,
    )


def _rules(policy: Policy) -> Iterator[RuleOut]:
    for rule in policy.rules:
        answer = f"{rule.outcome}: {'excluded' if rule.exclusion else rule.value}"
        yield _rule(rule, "rule", [said(c) for c in rule.when], answer, locked=rule.locked)
    for kind, rows in (("victim_lead", policy.victim_rows), ("perpetrator_lead", policy.perpetrator_rows)):
        for row in rows:
            answer = (
                f"{row.lead} leads, {due_name(row.accept_within)} to accept; {row.holder} holds meanwhile"
            )
            yield _rule(row, kind, [said(c) for c in row.when], answer)
    for support in policy.supports:
        yield _rule(
            support, "support", [said(c) for c in support.when], f"{support.forum or support.role} helps"
        )
    for duty in policy.duties:
        when = [said(group) for group in duty.when_any]
        yield _rule(duty, "duty", when, f"{duty.owner}, {due_name(duty.due)}: {duty.do}")
    for warning in policy.warnings:
        yield _rule(warning, "warning", [said(c) for c in warning.when], "shown")


def _rule(part: object, kind: str, when: list[str], answers: str, *, locked: bool = False) -> RuleOut:
    named = {name: getattr(part, name) for name in ("id", "says", "source")}
    return RuleOut(**named, kind=kind, when=when, answers=answers, locked=locked)


def show_diff(diff: PolicyDiff, names: dict[str, str]) -> DiffOut:
    """The difference as data and as lines."""
    lines = list(told(diff, names))
    return DiffOut(
        old=f"{diff.old[0]} {diff.old[1]}",
        new=f"{diff.new[0]} {diff.new[1]}",
        same=diff.is_empty,
        figures=[ChangedOut(what=f"{each.name}: {each.was} -> {each.now}") for each in diff.figures],
        shifts=[
            ShiftOut(
                kind=shift.kind,
                subject=shift.subject,
                label=shift.label,
                was=shift.was,
                now=shift.now,
                situations=shift.situations,
                out_of=shift.out_of,
                where=[box_words(box, names) for box in shift.where],
            )
            for shift in diff.shifts
        ],
        text=lines,
    )


def show_draft(session: Session, draft: PolicyDraft) -> DraftOut:
    """The draft with its proposal and activation, when there is one."""
    proposal = repository.proposal_of(session, draft.id)
    activation = repository.activation_of(session, draft.id)
    state = "activated" if activation else "proposed" if proposal else "drafted"
    names = ("id", "policy_id", "version", "in_force", "sha256", "drafted_by", "drafted_at")
    return DraftOut(
        **{name: getattr(draft, name) for name in names},
        state=state,
        proposal=ActivationProposalOut.model_validate(proposal) if proposal else None,
        activation=ActivationOut.model_validate(activation) if activation else None,
    )

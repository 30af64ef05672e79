"""Explains one decision to three readers. Every sentence comes from a field of the decision.

The practitioner reads what to do; the chair reads who leads and why others do not; the auditor reads which
rule of which policy compared which value. The module is long because the three read the same sentences.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.routing.handbook.holders import (
    perpetrator_died,
    perpetrator_lead_is_asked,
    standing_at,
    victim_died,
    victim_holder,
)
from app.routing.handbook.in_short import in_short
from app.routing.policy.conditions import Comparison
from app.routing.policy.labels import capitalised, due_name, forum_name, role_name
from app.routing.policy.sentences import value_in_words
from app.routing.policy.types import Source
from app.routing.record.decision import Duty, Enquiry, Finding, Lead, OpenQuestion, RoutingDecision
from app.vocabulary import Forum, NeedKind

IN_SHORT = "In short"


class Audience(StrEnum):
    """The reader of an explanation."""

    PRACTITIONER = "practitioner"
    CHAIR = "chair"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading with its sentences."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation for one audience."""

    audience: Audience
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The passages as plain text."""
        return "\n\n".join("\n".join((p.heading, *(f"- {s}" for s in p.sentences))) for p in self.passages)


def explain(decision: RoutingDecision, audience: Audience, stated: Iterable[str] = ()) -> Explanation:
    """Returns the explanation for that audience. Passages without a sentence are left out.

    `stated` are the signs of danger that were reported, in words; a practitioner reads them first.
    """
    writers = {
        Audience.PRACTITIONER: _for_practitioner,
        Audience.CHAIR: _for_chair,
        Audience.AUDITOR: _for_auditor,
    }
    passages = tuple(p for p in writers[audience](decision) if p.sentences)
    if audience is Audience.PRACTITIONER:
        passages = (Passage(IN_SHORT, in_short(decision, stated)), *passages)
    return Explanation(audience, passages)


def citation(source: Source) -> str:
    """Returns the citation of a source: title and paragraph, and a note when it is a default or second hand."""
    place = f"{source.title}, {source.paragraph}" if source.paragraph else source.title
    caution = {"B": "; background, to be confirmed", "I": "; product default", "S": "; second hand"}
    return place + caution.get(source.tag.value, "")


def _for_practitioner(decision: RoutingDecision) -> Iterator[Passage]:
    yield Passage("The victim's safety", (_victim_sentence(decision), *_grounds(decision, ("marac",))))
    yield Passage(
        "The perpetrator",
        (*_perpetrator_sentences(decision), *_grounds(decision, ("matac", "mappa", "review"))),
    )
    yield Passage("Not known yet", tuple(_open(each) for each in decision.open))
    yield Passage("Take care", tuple(capitalised(w.says) + "." for w in decision.warnings))
    yield Passage("What is looked up", tuple(_enquiry(each) for each in decision.enquiries))
    ordered = sorted(decision.duties, key=lambda duty: not duty.life_safety)
    yield Passage("What must be done", tuple(_duty(duty) for duty in ordered))
    yield Passage("Not met", tuple(_near_misses(decision)))


def _for_chair(decision: RoutingDecision) -> Iterator[Passage]:
    yield Passage("Who is asked to lead", (_victim_sentence(decision), *_perpetrator_sentences(decision)))
    yield Passage("Who is asked, in order", tuple(_order(decision)))
    yield Passage("Who helps", tuple(_supports(decision)))
    yield Passage("Why not the others", tuple(_why_not(decision)))
    yield Passage("Not known yet", tuple(_open(each) for each in decision.open))
    yield Passage("One change away", tuple(_near_misses(decision)))
    yield Passage("Take care", tuple(capitalised(w.says) + "." for w in decision.warnings))


def _for_auditor(decision: RoutingDecision) -> Iterator[Passage]:
    yield Passage(
        "Decided under",
        (
            f"Policy {decision.policy_id} {decision.policy_version}, {decision.policy_sha256}.",
            f"Engine {decision.engine_version}; {_rows(decision.primacy_rows)} of the primacy table.",
            f"Facts {decision.facts_sha256}; decision {decision.sha256}.",
        ),
    )
    yield Passage("Answers", tuple(f"{name}: {value}." for name, value in decision.outcomes.items()))
    yield Passage("Rules that held", tuple(_audited(finding) for finding in decision.findings))
    yield Passage("Lead rows", tuple(_row(lead) for lead in (decision.victim, decision.perpetrator)))
    yield Passage("Not known yet", tuple(_open(each) for each in decision.open))
    yield Passage("One condition short", tuple(_near_misses(decision)))
    yield Passage("Duties", tuple(f"{duty.id}: {_duty(duty)}" for duty in decision.duties))
    yield Passage("Facts", tuple(f"{name}: {value_in_words(value)}." for name, value in decision.facts.items()))


def _victim_sentence(decision: RoutingDecision) -> str:
    lead, holder = decision.victim, victim_holder(decision)
    name = capitalised(forum_name(lead.forum))
    if victim_died(decision):
        return "Nobody is asked to lead on the victim's safety: the victim has died."
    why = f"{lead.because} ({lead.row}, {citation(lead.source)})"
    if lead.forum is holder:
        return f"{name} has the victim's safety: {why}."
    if not standing_at(decision, NeedKind.VICTIM_SAFETY).may_be_asked(lead.forum):
        return f"{capitalised(forum_name(holder))} has the victim's safety, and nobody else is asked for this case."
    return f"{name} is asked to lead on the victim's safety: {why}."


def _rows(rows: tuple[int, ...]) -> str:
    return f"row{'' if len(rows) == 1 else 's'} {', '.join(map(str, rows))}"


def _perpetrator_sentences(decision: RoutingDecision) -> Iterator[str]:
    lead = decision.perpetrator
    name = capitalised(forum_name(lead.forum))
    why = f"{lead.because} ({lead.row}, {citation(lead.source)})"
    if perpetrator_died(decision):
        yield "Nobody is asked to lead on the perpetrator: the perpetrator has died."
        return
    if lead.forum is decision.held_by:
        yield f"{name} owns the need about the perpetrator now: {why}."
        return
    if not perpetrator_lead_is_asked(decision):
        yield f"{capitalised(forum_name(decision.held_by))} has the perpetrator, and nobody else is asked to lead."
        return
    yield f"{name} is asked to lead on the perpetrator, {due_name(lead.accept_within)}: {why}."
    yield f"{capitalised(forum_name(decision.held_by))} holds the case until somebody else has accepted it."
    now = standing_at(decision, NeedKind.PERPETRATOR)
    if lead.holder not in {decision.held_by, Forum.HUB} and now.may_be_asked(lead.holder):
        yield f"Meanwhile {forum_name(lead.holder)} is asked to hold it."


def _grounds(decision: RoutingDecision, outcomes: tuple[str, ...]) -> Iterator[str]:
    for finding in decision.findings:
        if finding.outcome in outcomes:
            yield f"{capitalised(finding.because)} ({finding.rule}, {citation(finding.source)})."


def _open(each: OpenQuestion) -> str:
    return f"{capitalised(each.says)}."


def _enquiry(each: Enquiry) -> str:
    asked = " ".join(item.ask for item in each.items)
    return f"{capitalised(role_name(each.role))}, {due_name(each.clock)}: {asked}"


def _duty(duty: Duty) -> str:
    owner = capitalised(role_name(duty.owner))
    return f"{owner}, {due_name(duty.due)}: {duty.do} - {duty.because} ({duty.id}, {citation(duty.source)})."


def _near_misses(decision: RoutingDecision) -> Iterator[str]:
    for miss in decision.near_misses:
        yield f"{capitalised(miss.needed)} ({miss.rule}, {citation(miss.source)})."


def _order(decision: RoutingDecision) -> Iterator[str]:
    """Yields whom to ask; each after the first is asked, and its reason holds, if all before it decline.

    Whoever comes after an owner that stays is not asked, and is left out.
    """
    now = standing_at(decision, NeedKind.PERPETRATOR)
    asked = [one for one in decision.perpetrator_candidates if now.may_be_asked(one.forum) or one.forum == now.owner]
    for place, lead in enumerate(asked, start=1):
        if_declined = "" if place == 1 else "if all before it decline, "
        yield f"{place}. {capitalised(forum_name(lead.forum))} ({lead.row}): {if_declined}{lead.because}."


def _supports(decision: RoutingDecision) -> Iterator[str]:
    for support in decision.supports:
        name = forum_name(support.forum) if support.forum else role_name(support.role)
        yield f"{capitalised(name)}: {support.because} ({support.rule}, {citation(support.source)})."


def _why_not(decision: RoutingDecision) -> Iterator[str]:
    words = {NeedKind.VICTIM_SAFETY: "the victim's safety", NeedKind.PERPETRATOR: "the perpetrator"}
    died = {NeedKind.VICTIM_SAFETY: victim_died(decision), NeedKind.PERPETRATOR: perpetrator_died(decision)}
    for each in (one for one in decision.why_not if not died[one.need]):
        rule = f" ({each.rule})" if each.rule else ""
        yield f"{capitalised(forum_name(each.forum))} is not asked to lead on {words[each.need]}: {each.because}{rule}."


def _audited(finding: Finding) -> str:
    compared = "; ".join(_comparison(used) for used in finding.used)
    return f"{finding.rule} -> {finding.outcome} {finding.effect}: {compared} ({citation(finding.source)})."


def _comparison(used: Comparison) -> str:
    threshold = " ".join(value_in_words(value) for value in used.threshold)
    named = f" [{used.param}]" if used.param else ""
    return f"{used.fact} {value_in_words(used.value)} {used.operator} {threshold}{named}"


def _row(lead: Lead) -> str:
    return f"{lead.row}: {lead.forum} is named to lead, {lead.holder} to hold meanwhile ({citation(lead.source)})."

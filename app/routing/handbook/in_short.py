"""Says a decision in at most 200 words, before the details: danger stated, who is asked, who holds, what is open."""

from collections.abc import Iterable, Iterator

from app.routing.handbook.holders import (
    perpetrator_died,
    perpetrator_lead_is_asked,
    standing_at,
    victim_died,
    victim_holder,
    waits_for_marac_elsewhere,
)
from app.routing.policy.labels import capitalised, due_name, forum_name
from app.routing.record.decision import Lead, RoutingDecision
from app.vocabulary import Forum, NeedKind

MOST_WORDS = 200
_FORUMS = ("marac", "matac", "mappa")


def in_short(decision: RoutingDecision, stated: Iterable[str]) -> tuple[str, ...]:
    """Returns the sentences.

    What was stated comes first and is never left out; grounds follow as far as there is room.
    """
    return tuple(_within(MOST_WORDS, (*_essential(decision, tuple(stated)), *_grounds(decision))))


def _essential(decision: RoutingDecision, stated: tuple[str, ...]) -> Iterator[str]:
    if stated:
        yield f"Stated: {', '.join(stated)}."
    yield _of_victim(decision)
    yield _of_perpetrator(decision)
    still_open = [name.upper() for name in _FORUMS if name in {each.outcome for each in decision.open}]
    if still_open:
        yield f"Not settled, because facts are not known: {', '.join(still_open)}."
    urgent = sum(duty.life_safety for duty in decision.duties)
    yield f"To do: {len(decision.duties)} in all, {urgent} of them for safety of life."


def _of_victim(decision: RoutingDecision) -> str:
    holder, lead, need = victim_holder(decision), decision.victim, "the victim's safety"
    if victim_died(decision):
        return f"Nobody is asked to lead on {need}: the person has died."
    if standing_at(decision, NeedKind.VICTIM_SAFETY).may_be_asked(lead.forum):
        return _asked(lead, need, holder)
    if waits_for_marac_elsewhere(decision) and holder is not Forum.MARAC:
        waits = "Another case of the victim waits for MARAC"
        return f"{waits}, and nobody else is asked to lead on {need}; {forum_name(holder)} has it."
    return _stays(need, holder)


def _of_perpetrator(decision: RoutingDecision) -> str:
    lead, need = decision.perpetrator, "the perpetrator"
    if perpetrator_died(decision):
        return f"Nobody is asked to lead on {need}: the person has died."
    if perpetrator_lead_is_asked(decision):
        return _asked(lead, need, decision.held_by)
    return _stays(need, decision.held_by)


def _stays(need: str, holder: Forum) -> str:
    return f"Nobody else is asked to lead on {need}; {forum_name(holder)} has it."


def _asked(lead: Lead, need: str, holder: Forum) -> str:
    asked = f"{capitalised(forum_name(lead.forum))} is asked to lead on {need}, {due_name(lead.accept_within)}"
    return f"{asked}; {forum_name(holder)} has it until then."


def _grounds(decision: RoutingDecision) -> Iterator[str]:
    met = (finding for finding in decision.findings if finding.outcome in _FORUMS)
    return (f"{finding.outcome.upper()}: {finding.because}." for finding in met)


def _within(most: int, sentences: Iterable[str]) -> Iterator[str]:
    """Yields the sentences in order, without those for which there is no room."""
    used = 0
    for sentence in sentences:
        words = len(sentence.split())
        if used + words <= most:
            used += words
            yield sentence

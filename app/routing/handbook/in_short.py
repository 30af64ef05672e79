"""Says a decision in at most 200 words, before the details: danger stated, who is asked, who holds, what is open."""

from collections.abc import Iterable, Iterator

from app.routing.handbook.holders import perpetrator_died, victim_died, victim_holder
from app.routing.policy.labels import capitalised, due_name, forum_name
from app.routing.record.decision import Lead, RoutingDecision
from app.routing.record.perpetrator_order import is_asked
from app.vocabulary import Forum, NeedKind

MOST_WORDS = 200
_FORUMS = ("marac", "matac", "mappa")
_ABOUT = {NeedKind.VICTIM_SAFETY: "the victim's safety", NeedKind.PERPETRATOR: "the perpetrator"}


def in_short(decision: RoutingDecision, stated: Iterable[str]) -> tuple[str, ...]:
    """Returns the sentences.

    What was stated comes first and is never left out; grounds follow as far as there is room.
    """
    return tuple(_within(MOST_WORDS, (*_essential(decision, tuple(stated)), *_grounds(decision))))


def _essential(decision: RoutingDecision, stated: tuple[str, ...]) -> Iterator[str]:
    if stated:
        yield f"Stated: {', '.join(stated)}."
    yield _victim(decision)
    yield _perpetrator(decision)
    still_open = [name.upper() for name in _FORUMS if name in {each.outcome for each in decision.open}]
    if still_open:
        yield f"Not settled, because facts are not known: {', '.join(still_open)}."
    urgent = sum(duty.life_safety for duty in decision.duties)
    yield f"To do: {len(decision.duties)} in all, {urgent} of them for safety of life."


def _victim(decision: RoutingDecision) -> str:
    if victim_died(decision):
        return "Nobody is asked to lead on the victim's safety: the person has died."
    return _asked(decision.victim, NeedKind.VICTIM_SAFETY, victim_holder(decision))


def _perpetrator(decision: RoutingDecision) -> str:
    if perpetrator_died(decision):
        return "Nobody is asked to lead on the perpetrator: the person has died."
    return _asked(decision.perpetrator, NeedKind.PERPETRATOR, decision.held_by)


def _asked(lead: Lead, kind: NeedKind, holder: Forum) -> str:
    need = _ABOUT[kind]
    if not is_asked(lead.forum, holder, kind):
        return f"Nobody else is asked to lead on {need}; {forum_name(holder)} has it."
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

"""The chapters of the handbook that are tables: questions with rules, leads, supports, duties, warnings, facts."""

from collections.abc import Iterator, Mapping

from app.routing.comparison.difference_wording import condition_labels
from app.routing.handbook.document import Chapter, Grid, Prose
from app.routing.handbook.explain import citation
from app.routing.policy.labels import (
    KIND_NAMES,
    SUBJECT_NAMES,
    capitalised,
    due_name,
    forum_name,
    owed_again_name,
    role_name,
)
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.sentences import value_in_words
from app.routing.policy.types import ClockEnd, Condition, DutyTemplate, FactType, LeadRow, OutcomeType, Policy, Silence
from app.vocabulary import Role

# What the proof of a policy establishes, in words.
PROVED_CLAIMS: tuple[str, ...] = (
    "each question has one answer in every situation",
    "every rule can hold, and every rule decides something unless it is marked as deliberate cover",
    "more risk never lowers an answer",
    "while MARAC is open it counts as met; a panel about the perpetrator counts only when it is met on what is known",
    "each lead table has one and only one row for every combination, refusals included",
    "a forum that may have declined never leads, holds or supports",
    "MAPPA leads on a person at MAPPA level 2 or 3",
    "MARAC never leads or holds the perpetrator",
)


def question_chapters(policy: Policy) -> Iterator[Chapter]:
    """Yields a chapter for each question: its answers, the answer while it is open, and its rules."""
    names = condition_labels(policy)
    for question in QUESTIONS:
        outcome = policy.outcomes[question.name]
        rules = [rule for rule in policy.rules if rule.outcome == question.name]
        rows = tuple(
            (
                rule.id + (" (locked)" if rule.locked else "") + (" (cover)" if rule.cover else ""),
                "excluded" if rule.exclusion else rule.value,
                _when(names, rule.when),
                capitalised(rule.says),
                citation(policy.sources[rule.source]),
            )
            for rule in rules
        )
        reading = (
            f"Possible answers: {', '.join(question.answers)}. When no rule holds the answer is {question.values[0]}. "
            + _while_open(outcome)
        )
        grid = Grid(("Rule", "Answer", "When all of this holds", "In words", "Source"), rows)
        yield Chapter(f"Question: {outcome.label}", (Prose(reading), grid))


_CLOCK_ENDS = {
    ClockEnd.ASKED: "the forum is asked",
    ClockEnd.ESCALATED: "the question goes to a higher post",
}


def _while_open(outcome: OutcomeType) -> str:
    if outcome.open_role is None or outcome.open_clock is None or outcome.clock_end is None:
        return "A fact that is not known makes no rule hold."
    return (
        "While a rule could still hold it is open, and nobody is asked to lead on it: "
        f"{role_name(outcome.open_role)} looks it up {due_name(outcome.open_clock)}; when that ends unanswered, "
        f"{_CLOCK_ENDS[outcome.clock_end]}."
    )


def _when(names: Mapping[str, str], conditions: tuple[Condition, ...]) -> str:
    return "; ".join(_condition(names, each) for each in conditions) or "always"


_OPERATORS = {
    "==": "is",
    "!=": "is not",
    ">=": "at least",
    "<=": "at most",
    ">": "more than",
    "<": "less than",
    "in": "is one of",
    "is": "is",
}


def _condition(names: Mapping[str, str], condition: Condition) -> str:
    label = names.get(condition.left, condition.left)
    values = ", ".join(value_in_words(value) for value in condition.right)
    parameter_name = f" ({condition.param})" if condition.param else ""
    return f"{label} {_OPERATORS[condition.operator]} {values}{parameter_name}"


def lead_table_chapter(policy: Policy, heading: str, rows: tuple[LeadRow, ...]) -> Chapter:
    """Returns one lead table: when each row applies, who is asked to lead, and who holds the need meanwhile."""
    names = condition_labels(policy)
    grid = tuple(
        (
            row.id,
            _when(names, row.when),
            capitalised(forum_name(row.lead)),
            role_name(row.role),
            due_name(row.accept_within),
            capitalised(forum_name(row.holder)),
            capitalised(row.says),
            citation(policy.sources[row.source]),
        )
        for row in rows
    )
    note = "One and only one row applies in each situation. The holder keeps the need until the lead has accepted."
    head = ("Row", "When", "Asked to lead", "By its", "To accept", "Holds meanwhile", "In words", "Source")
    return Chapter(heading, (Prose(note), Grid(head, grid)))


def supports_chapter(policy: Policy) -> Chapter:
    """Returns who is asked to help without owning the need."""
    names = condition_labels(policy)
    rows = tuple(
        (
            each.id,
            capitalised(forum_name(each.forum) if each.forum else role_name(each.role)),
            _when(names, each.when),
            capitalised(each.says),
            citation(policy.sources[each.source]),
        )
        for each in policy.supports
    )
    return Chapter("Who helps", (Grid(("Support", "Who", "When", "In words", "Source"), rows),))


def duties_chapter(policy: Policy) -> Chapter:
    """Returns the duties: what, by whom, by when, and what shows that it is done."""
    names = condition_labels(policy)
    rows = tuple(
        (
            each.id + _marks(each, names),
            each.do,
            _becomes(each),
            _people(each),
            "; ".join((due_name(each.due), *filter(None, [owed_again_name(each.repeats_every, each.again_within)]))),
            " - or - ".join(_when(names, group) for group in each.when_any),
            each.done_when,
            citation(policy.sources[each.source]),
        )
        for each in policy.duties
    )
    what = ("Duty", "What must be done", "What becomes of it")
    head = (*what, "Who", "By when", "When it arises", "Done when", "Source")
    note = "A duty that reaches the victim or the family shows its owner first what to know before contact."
    return Chapter("Duties", (Prose(note), Grid(head, rows)))


def _marks(duty: DutyTemplate, names: Mapping[str, str]) -> str:
    dangers = " - or - ".join(_when(names, group) for group in duty.life_safety_when)
    life_safety = f"life safety where {dangers}" if dangers else "life safety"
    marks = {life_safety: duty.life_safety, "reaches the victim": duty.reaches_victim}
    words = ", ".join(mark for mark, so in marks.items() if so)
    return f" ({words})" if words else ""


def _becomes(duty: DutyTemplate) -> str:
    before = f", {duty.opens.amount} {duty.opens.unit} before its date" if duty.opens else ""
    return f"{capitalised(KIND_NAMES[duty.kind])}{before}; once for {SUBJECT_NAMES[duty.once_for]}"


def _people(duty: DutyTemplate) -> str:
    helped = f" with {', '.join(role_name(each) for each in duty.support)}" if duty.support else ""
    recipient = f", to {role_name(Role(duty.recipient))}" if duty.recipient else ""
    return capitalised(role_name(duty.owner)) + helped + recipient


def warnings_chapter(policy: Policy) -> Chapter:
    """Returns the warnings, which change neither lead nor duty."""
    names = condition_labels(policy)
    rows = tuple(
        (each.id, _when(names, each.when), capitalised(each.says), citation(policy.sources[each.source]))
        for each in policy.warnings
    )
    return Chapter("Warnings", (Grid(("Warning", "When", "In words", "Source"), rows),))


def facts_chapter(policy: Policy) -> Chapter:
    """Returns the facts: what silence about each means and why, how each is asked for, and who looks it up."""
    rows = tuple(
        (capitalised(each.label), _kind(each), _silence(each), each.because, each.ask or "-", _who_asks(each))
        for each in policy.facts.values()
    )
    note = (
        "Silence is read fact by fact, over the whole case. An assertion that nobody made is not so. A record of our "
        "own is always known. Everything else is not known until somebody looks it up, which is neither no nor yes."
    )
    head = ("Fact", "May be", "Silence", "Because", "Asked as", "Who looks it up")
    return Chapter("Facts that are asked for", (Prose(note), Grid(head, rows)))


def _kind(fact: FactType) -> str:
    by_kind = {"flag": "yes or no", "number": f"{fact.low} to {fact.high}", "choice": ", ".join(fact.values)}
    return by_kind[fact.kind]


def _silence(fact: FactType) -> str:
    """Returns how it is read that nobody has stated the fact."""
    if fact.silence is Silence.ASK:
        meanwhile = "" if fact.meanwhile is None else f"; meanwhile {value_in_words(fact.meanwhile)}"
        return f"not known{meanwhile}"
    return "not so" if fact.silence is Silence.NO else "our record"


def _who_asks(fact: FactType) -> str:
    if fact.find_out is None:
        return "nobody"
    also = ", and the service that supervises the perpetrator" if fact.supervisor_knows else ""
    return f"{capitalised(role_name(fact.find_out.owner))}{also}, {due_name(fact.find_out.due)}"

"""Works out what is to be looked up, by whom and until when: one enquiry for each post.

Only what can still change an answer or make a duty arise is asked; what cannot matter any more is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.routing.engine.duties import Duties
from app.routing.engine.fact_reading import CheckedFacts
from app.routing.engine.known_facts import KnownFacts
from app.routing.engine.outcome_answers import Answers
from app.routing.policy.outcomes import OPEN, QUESTIONS_BY_NAME
from app.routing.policy.types import DueRule, DueUnit, FactType, Policy
from app.routing.record.decision import Duty, Enquiry, EnquiryItem
from app.vocabulary import Role

ALWAYS_ASKED = ("seen_alone",)
JUDGEMENT = "judged_high"
_CLOCKS_KNOWN_NOW = frozenset({"decision", "next_school_day", "reporting"})
_HOURS: Mapping[DueUnit, int] = {
    DueUnit.AT_ONCE: 0,
    DueUnit.BEFORE: 12,
    DueUnit.HOURS: 1,
    DueUnit.SAME_DAY: 18,
    DueUnit.WORKING_DAYS: 25,
    DueUnit.DAYS: 24,
    DueUnit.WEEKS: 168,
    DueUnit.MONTHS: 720,
    DueUnit.AT: 720,
}
"""How long a due rule runs at least, in hours, so that the shorter of two can be named."""


@dataclass(frozen=True, slots=True)
class Screening:
    """What the enquiries depend on: for each fact what it decides, and the hub's review, where one is owed."""

    decides: Mapping[str, tuple[str, ...]]
    review: Duty | None


def is_screened(duties: Duties, known: KnownFacts, marac: str) -> bool:
    """Returns whether anybody looks anything up: the hub owes a review of the report, or MARAC's question is open."""
    return marac == OPEN or duties.review(known) is not None


def what_each_decides(answers: Answers, duties: Duties, given: CheckedFacts) -> dict[str, tuple[str, ...]]:
    """Returns, for each fact that is not known, the questions and duties that it could still change."""
    found: dict[str, dict[str, None]] = {name: {} for name in given.unknown if name in ALWAYS_ASKED}
    for waiting in (answers.deciding, duties.waiting_for(given.known)):
        for decided, facts in waiting.items():
            for fact in facts:
                found.setdefault(fact, {})[decided] = None
    return {fact: tuple(decided) for fact, decided in found.items()}


def enquiries(policy: Policy, given: CheckedFacts, screening: Screening) -> tuple[Enquiry, ...]:
    """Returns one enquiry for each post that is asked anything, the hub's review first."""
    by_role: dict[Role, list[EnquiryItem]] = {} if screening.review is None else {screening.review.owner: []}
    for fact in _in_order(policy, given, screening.decides):
        for role, item in _items(policy, given, fact, screening.decides.get(fact.name, ())):
            by_role.setdefault(role, []).append(item)
    return tuple(_enquiry(policy, role, items, screening.review) for role, items in by_role.items())


def _in_order(policy: Policy, given: CheckedFacts, decides: Mapping[str, tuple[str, ...]]) -> Iterator[FactType]:
    """Yields the facts to ask for: with a red flag the judgement of the risk first, then what settles most."""
    judged = policy.facts[JUDGEMENT]
    if given.facts["red_flag"] is True and given.facts[JUDGEMENT] is None:
        yield judged
    identified = given.facts["perpetrator_known"] is not False
    waiting = [policy.facts[name] for name in decides]
    waiting += [policy.facts[name] for name in given.unknown if policy.facts[name].meanwhile is not None]
    asked = [fact for fact in dict.fromkeys(waiting) if identified or not fact.needs_identity]
    yield from sorted(asked, key=lambda fact: _settles(decides.get(fact.name, ())))


def _settles(decided: tuple[str, ...]) -> tuple[int, int]:
    """Returns the order of what settles most: first what opens or closes a forum, then what decides most."""
    return -sum(name in QUESTIONS_BY_NAME and QUESTIONS_BY_NAME[name].may_be_open for name in decided), -len(decided)


def _items(
    policy: Policy, given: CheckedFacts, fact: FactType, decides: tuple[str, ...]
) -> Iterator[tuple[Role, EnquiryItem]]:
    """Yields the fact for the post that looks it up, and for the supervising service if that one knows."""
    if fact.find_out is None:
        return
    due = shortest((fact.find_out.due, *_due_of(policy, decides)))
    yield fact.find_out.owner, EnquiryItem(fact.name, fact.ask, due, decides)
    if fact.supervisor_knows and given.facts["supervised"] is True:
        yield Role.SUPERVISING_PRACTITIONER, EnquiryItem(fact.name, fact.ask, due, decides)


def _due_of(policy: Policy, decides: tuple[str, ...]) -> Iterator[DueRule]:
    """Returns the due rules, of the duties that wait for the fact, that run from an instant which is known now.

    What a duty owes at once is owed from the answer on: it cannot be a time to answer.
    """
    rules = (duty.due for duty in policy.duties if duty.id in decides and duty.due.unit is not DueUnit.AT_ONCE)
    return (rule for rule in rules if rule.counted_from in _CLOCKS_KNOWN_NOW)


def _enquiry(policy: Policy, role: Role, items: list[EnquiryItem], review: Duty | None) -> Enquiry:
    """Returns the enquiry of one post.

    No item may end later than the enquiry; the hub's review sets the clock of its own.
    """
    own = review if review is not None and review.owner is role else None
    clock = own.due if own else shortest((*(item.due for item in items), *_clock_of_marac(policy, role, items)))
    kept = tuple(EnquiryItem(each.fact, each.ask, shortest((each.due, clock)), each.decides) for each in items)
    return Enquiry(role, own is not None, clock, kept, own.because if own else "")


def _clock_of_marac(policy: Policy, role: Role, items: Iterable[EnquiryItem]) -> Iterator[DueRule]:
    marac = policy.outcomes["marac"]
    if marac.open_role is role and marac.open_clock is not None and any("marac" in each.decides for each in items):
        yield marac.open_clock


def shortest(rules: Iterable[DueRule]) -> DueRule:
    """Returns the rule that ends first, at least by its own unit; the first of equals."""
    return min(rules, key=lambda rule: _HOURS[rule.unit] * max(rule.amount, 1))

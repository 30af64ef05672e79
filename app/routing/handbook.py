"""The handbook of one policy version: what a coordinator, a chair and the public can read.

Everything in it comes from the policy, its proof and its cases; the same policy gives the same bytes.
"""

from collections.abc import Iterator, Mapping

from app.routing.books import STYLE, Block, Book, Bullets, Chapter, Grid, Prose, to_html, to_markdown
from app.routing.cases import Case
from app.routing.compare_words import labels
from app.routing.engine import decide
from app.routing.explain import Audience, cited, explain
from app.routing.names import at_start, due_name, forum_name, role_name
from app.routing.outcomes import QUESTIONS
from app.routing.proof import prove
from app.routing.sentences import spoken
from app.routing.telling import CONFIDENCE, LAWS
from app.routing.types import Condition, Fact, FactType, Policy, Row, Source
from app.vocabulary import Forum

__all__ = ["STYLE", "handbook", "to_html", "to_markdown"]
_FULLY_TOLD = 3


def handbook(policy: Policy, cases: tuple[Case, ...] = ()) -> Book:
    """The book of the policy. `cases` are worked through in its last chapters."""
    chapters = (
        _about(policy),
        _departures(policy),
        _figures(policy),
        *_questions(policy),
        _leads(policy, "Who leads on the victim's safety", policy.victim_rows),
        _leads(policy, "Who leads on the perpetrator", policy.perpetrator_rows),
        _supports(policy),
        _duties(policy),
        _warnings(policy),
        _facts(policy),
        *_examples(policy, cases),
        _proof(policy),
        _sources(policy),
    )
    return Book(f"{policy.title}", tuple(each for each in chapters if each.blocks))


def _about(policy: Policy) -> Chapter:
    extends = f"It extends {policy.extends}. " if policy.extends else ""
    return Chapter(
        "About this policy",
        (
            Bullets(
                (
                    f"Policy {policy.id}, version {policy.version}.",
                    f"In force from {policy.in_force.isoformat()}; applies to {policy.applies_to}.",
                    f"Fingerprint {policy.sha256}. Every decision made under it names this fingerprint.",
                )
            ),
            Prose(
                f"{extends}It supports professional judgement and never replaces it: a professional who judges "
                "the risk to be high may always refer, and no meeting delays a safety action."
            ),
            Prose(
                "Each figure carries a mark that says how far it may be trusted. A figure marked B or I is a "
                "labelled default that an area must confirm; it is not law."
            ),
            Grid(("Mark", "Means"), tuple((tag.value, words) for tag, words in CONFIDENCE.items())),
        ),
    )


def _departures(policy: Policy) -> Chapter:
    rows = tuple(
        (each.id, each.kind, f"{each.was or 'nothing'} -> {each.now}", each.reason, each.source)
        for each in policy.departures
    )
    heading = f"Where it departs from {policy.extends}"
    return Chapter(heading, (Grid(("Part", "Kind", "Change", "Reason", "Source"), rows),) if rows else ())


def _figures(policy: Policy) -> Chapter:
    rows = tuple(
        (
            each.name,
            at_start(each.label),
            f"{spoken(each.value)} {each.unit}".strip(),
            _limits(each.low, each.high, each.values, locked=each.locked),
            each.tag.value,
            _cite(policy.sources[each.source]),
        )
        for each in policy.parameters.values()
    )
    return Chapter(
        "Figures and settings", (Grid(("Name", "What", "Value", "May be", "Mark", "Source"), rows),)
    )


def _limits(low: int, high: int, values: tuple[str, ...], *, locked: bool) -> str:
    if locked:
        return "locked"
    if values:
        return " or ".join(values)
    return f"{low} to {high}" if high else "yes or no"


def _questions(policy: Policy) -> Iterator[Chapter]:
    for question in QUESTIONS:
        outcome = policy.outcomes[question.name]
        rules = [rule for rule in policy.rules if rule.outcome == question.name]
        rows = tuple(
            (
                rule.id + (" (locked)" if rule.locked else "") + (" (cover)" if rule.cover else ""),
                "excluded" if rule.exclusion else rule.value,
                _when(policy, rule.when),
                at_start(rule.says),
                _cite(policy.sources[rule.source]),
            )
            for rule in rules
        )
        reading = (
            f"Possible answers: {', '.join(question.values)}. When no rule holds the answer is {question.values[0]}. "
            f"While it is open it is read as {outcome.unknown_as}, or as something higher when only that is possible."
        )
        grid = Grid(("Rule", "Answer", "When all of this holds", "In words", "Source"), rows)
        yield Chapter(f"Question: {outcome.label}", (Prose(reading), grid))


def _when(policy: Policy, conditions: tuple[Condition, ...]) -> str:
    return "; ".join(_condition(policy, each) for each in conditions) or "always"


_OPERATORS = {
    "==": "is",
    "!=": "is not",
    ">=": "at least",
    "<=": "at most",
    ">": "more than",
    "<": "less than",
    "in": "is one of",
}


def _condition(policy: Policy, condition: Condition) -> str:
    label = labels(policy).get(condition.left, condition.left)
    values = ", ".join(spoken(value) for value in condition.right)
    figure_name = f" ({condition.param})" if condition.param else ""
    return f"{label} {_OPERATORS[condition.operator]} {values}{figure_name}"


def _leads(policy: Policy, heading: str, rows: tuple[Row, ...]) -> Chapter:
    grid = tuple(
        (
            row.id,
            _when(policy, row.when),
            at_start(forum_name(row.lead)),
            role_name(row.role),
            due_name(row.accept_within),
            at_start(forum_name(row.holder)),
            at_start(row.says),
            _cite(policy.sources[row.source]),
        )
        for row in rows
    )
    note = "One and only one row applies in each situation. The holder keeps the need until the lead has accepted."
    head = ("Row", "When", "Leads", "Asked", "To accept", "Holds meanwhile", "In words", "Source")
    return Chapter(heading, (Prose(note), Grid(head, grid)))


def _supports(policy: Policy) -> Chapter:
    rows = tuple(
        (
            each.id,
            at_start(forum_name(each.forum) if each.forum else role_name(each.role)),
            _when(policy, each.when),
            at_start(each.says),
            _cite(policy.sources[each.source]),
        )
        for each in policy.supports
    )
    return Chapter("Who helps", (Grid(("Support", "Who", "When", "In words", "Source"), rows),))


def _duties(policy: Policy) -> Chapter:
    rows = tuple(
        (
            each.id + (" (life safety)" if each.life_safety else ""),
            each.do,
            _people(each.owner, each.support, each.recipient),
            due_name(each.due),
            " - or - ".join(_when(policy, group) for group in each.when_any),
            each.done_when,
            _cite(policy.sources[each.source]),
        )
        for each in policy.duties
    )
    head = ("Duty", "What must be done", "Who", "By when", "When it arises", "Done when", "Source")
    return Chapter("Duties", (Grid(head, rows),))


def _people(owner: object, support: tuple[object, ...], recipient: str) -> str:
    words = str(owner).replace("_", " ").lower()
    helped = f" with {', '.join(str(each).replace('_', ' ').lower() for each in support)}" if support else ""
    told = f", to {recipient.replace('_', ' ').lower()}" if recipient else ""
    return at_start(words) + helped + told


def _warnings(policy: Policy) -> Chapter:
    rows = tuple(
        (each.id, _when(policy, each.when), at_start(each.says), _cite(policy.sources[each.source]))
        for each in policy.warnings
    )
    return Chapter("Warnings", (Grid(("Warning", "When", "In words", "Source"), rows),))


def _facts(policy: Policy) -> Chapter:
    rows = tuple(
        (at_start(each.label), _kind(each), each.ask or "-", _who_asks(each))
        for each in policy.facts.values()
    )
    note = (
        "Not known is a value: it is never read as no. What decides something and is not known is found out."
    )
    head = ("Fact", "May be", "Asked as", "Who finds it out")
    return Chapter("Facts that are asked for", (Prose(note), Grid(head, rows)))


def _kind(fact: FactType) -> str:
    by_kind = {"flag": "yes or no", "number": f"{fact.low} to {fact.high}", "choice": ", ".join(fact.values)}
    return by_kind[fact.kind]


def _who_asks(fact: FactType) -> str:
    if fact.find_out is None:
        return "a record of our own, always known"
    return f"{at_start(role_name(fact.find_out.owner))}, {due_name(fact.find_out.due)}"


def _examples(policy: Policy, cases: tuple[Case, ...]) -> Iterator[Chapter]:
    if not cases:
        return
    usual = cases[0].given
    rows = tuple(_example(policy, case, usual) for case in cases)
    head = (
        "Case",
        "Given, apart from an ordinary referral",
        "The victim's safety",
        "The perpetrator",
        "Rules",
    )
    yield Chapter("Worked examples", (Grid(head, rows),))
    for case in [case for case in cases if case.source][:_FULLY_TOLD]:
        told = explain(decide(policy, case.given), Audience.PRACTITIONER)
        blocks: list[Block] = [Prose(f"Source: {case.source}.")]
        for passage in told.passages:
            blocks += [Prose(f"{passage.heading}:"), Bullets(passage.sentences)]
        yield Chapter(f"Told in full: {case.name}", tuple(blocks))


def _example(policy: Policy, case: Case, usual: Mapping[str, Fact]) -> tuple[str, ...]:
    decision = decide(policy, case.given)
    differs = [
        f"{policy.facts[name].label}: {spoken(value)}"
        for name, value in case.given.items()
        if case.given is usual or usual.get(name) != value
    ]
    given = "everything quiet" if case.given is usual else "; ".join(differs) or "nothing"
    rules = ", ".join(finding.rule for finding in decision.findings) or "none"
    return (case.name, given, _lead(decision.victim.forum), _lead(decision.perpetrator.forum), rules)


def _lead(forum: Forum) -> str:
    return at_start(forum_name(forum))


def _proof(policy: Policy) -> Chapter:
    report = prove(policy)
    total = sum(each.situations for each in report.proved)
    faults = "No fault was found." if not report.faults else f"{len(report.faults)} faults were found."
    rows = tuple((each.what, f"{each.situations:,}") for each in report.proved)
    return Chapter(
        "What was proved",
        (
            Prose(f"When the policy is loaded, {total:,} situations are examined: all there are. {faults}"),
            Bullets(tuple(at_start(law) + "." for law in LAWS)),
            Grid(("Part", "Situations"), rows),
        ),
    )


def _sources(policy: Policy) -> Chapter:
    rows = tuple(
        (each.id, _cite(each), each.says, each.tag.value, each.url or "-") for each in policy.sources.values()
    )
    return Chapter("Sources", (Grid(("Id", "Source", "Says", "Mark", "Where"), rows),))


def _cite(source: Source) -> str:
    return cited(source)

"""Writes the handbook of one policy version, for co-ordinators, chairs and the public.

Everything in it comes from the policy, its proof and its examples; the same policy gives the same bytes.
"""

from collections.abc import Iterator, Mapping

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import PolicyExample
from app.routing.handbook.confidence import CONFIDENCE_MEANINGS
from app.routing.handbook.document import Block, Book, Bullets, Chapter, Grid, Prose, to_markdown
from app.routing.handbook.explain import Audience, citation, explain
from app.routing.handbook.html_page import STYLE, to_html
from app.routing.handbook.tables import (
    PROVED_CLAIMS,
    duties_chapter,
    facts_chapter,
    lead_table_chapter,
    question_chapters,
    supports_chapter,
    warnings_chapter,
)
from app.routing.handbook.time_line import law_chapters
from app.routing.loading.unused_parameters import READ_BY_PEOPLE
from app.routing.policy.labels import capitalised, forum_name
from app.routing.policy.sentences import value_in_words
from app.routing.policy.types import Fact, Parameter, Policy
from app.routing.proof.prove import prove
from app.vocabulary import Forum

__all__ = ["STYLE", "handbook", "to_html", "to_markdown"]
_FULLY_EXPLAINED = 3


def handbook(policy: Policy, examples: tuple[PolicyExample, ...] = ()) -> Book:
    """Returns the book of the policy. Its last chapters work through the examples."""
    chapters = (
        _about(policy),
        _departures(policy),
        _parameters(policy),
        *question_chapters(policy),
        lead_table_chapter(policy, "Who is asked to lead on the victim's safety", policy.victim_rows),
        lead_table_chapter(policy, "Who is asked to lead on the perpetrator", policy.perpetrator_rows),
        supports_chapter(policy),
        duties_chapter(policy),
        warnings_chapter(policy),
        facts_chapter(policy),
        *law_chapters(policy),
        *_examples(policy, examples),
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
                "Each parameter carries a mark that says how far it may be trusted. A parameter marked B or I is a "
                "labelled default that an area must confirm; it is not law."
            ),
            Grid(("Mark", "Means"), tuple((tag.value, words) for tag, words in CONFIDENCE_MEANINGS.items())),
        ),
    )


def _departures(policy: Policy) -> Chapter:
    rows = tuple(
        (
            each.id,
            each.kind,
            f"{_change_value(each.was)} -> {_change_value(each.now)}",
            each.reason,
            each.source,
        )
        for each in policy.departures
    )
    heading = f"Where it departs from {policy.extends}"
    return Chapter(heading, (Grid(("Part", "Kind", "Change", "Reason", "Source"), rows),) if rows else ())


def _change_value(value: str) -> str:
    return {"True": "yes", "False": "no", "": "nothing"}.get(value, value)


def _parameters(policy: Policy) -> Chapter:
    rows = tuple(
        (
            each.name,
            _meaning(each),
            f"{value_in_words(each.value)} {each.unit}".strip(),
            _limits(each.low, each.high, each.values, locked=each.locked),
            each.tag.value,
            citation(policy.sources[each.source]),
        )
        for each in policy.parameters.values()
    )
    return Chapter("Parameters", (Grid(("Name", "What", "Value", "May be", "Mark", "Source"), rows),))


def _meaning(parameter: Parameter) -> str:
    """Returns what the parameter says, and who reads it when nothing is computed with it."""
    reader = READ_BY_PEOPLE.get(parameter.name)
    return capitalised(parameter.label) + (f"; for {reader}" if reader else "")


def _limits(low: int, high: int, values: tuple[str, ...], *, locked: bool) -> str:
    if locked:
        return "locked"
    if values:
        return " or ".join(values)
    return f"{low} to {high}" if high else "yes or no"


def _examples(policy: Policy, examples: tuple[PolicyExample, ...]) -> Iterator[Chapter]:
    if not examples:
        return
    usual = examples[0].given
    rows = tuple(_example(policy, example, usual) for example in examples)
    head = (
        "Example",
        "Given, apart from an ordinary referral",
        "The victim's safety",
        "The perpetrator",
        "Rules",
    )
    yield Chapter("Worked examples", (Grid(head, rows),))
    for example in [example for example in examples if example.source][:_FULLY_EXPLAINED]:
        explanation = explain(decide(policy, example.given), Audience.PRACTITIONER)
        blocks: list[Block] = [Prose(f"Source: {example.source}.")]
        for passage in explanation.passages:
            blocks += [Prose(f"{passage.heading}:"), Bullets(passage.sentences)]
        yield Chapter(f"Explained in full: {example.name}", tuple(blocks))


def _example(policy: Policy, example: PolicyExample, usual: Mapping[str, Fact]) -> tuple[str, ...]:
    decision = decide(policy, example.given)
    differs = [
        f"{policy.facts[name].label}: {value_in_words(value)}"
        for name, value in example.given.items()
        if example.given is usual or usual.get(name) != value
    ]
    given = "an ordinary referral" if example.given is usual else "; ".join(differs) or "nothing"
    rules = ", ".join(finding.rule for finding in decision.findings) or "none"
    return (example.name, given, _lead(decision.victim.forum), _lead(decision.perpetrator.forum), rules)


def _lead(forum: Forum) -> str:
    return capitalised(forum_name(forum))


def _proof(policy: Policy) -> Chapter:
    report = prove(policy)
    total = sum(each.situations for each in report.proved)
    faults = "No fault was found." if not report.faults else f"{len(report.faults)} faults were found."
    rows = tuple((each.what, f"{each.situations:,}") for each in report.proved)
    return Chapter(
        "What was proved",
        (
            Prose(f"When the policy is loaded, {total:,} situations are examined: all there are. {faults}"),
            Bullets(tuple(capitalised(law) + "." for law in PROVED_CLAIMS)),
            Grid(("Part", "Situations"), rows),
        ),
    )


def _sources(policy: Policy) -> Chapter:
    rows = tuple(
        (each.id, citation(each), each.says, each.tag.value, each.url or "-") for each in policy.sources.values()
    )
    return Chapter("Sources", (Grid(("Id", "Source", "Says", "Mark", "Where"), rows),))

"""Policies, examples and snapshots with valid defaults, so that a routing test states only what matters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from app.routing.examples.policy_examples import PolicyExample, read_examples
from app.routing.facts.derived import derive
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim
from app.routing.loading.catalogue import BASELINE, SHIPPED, policy_file
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.types import Fact, Policy, Value

QUIET = "an ordinary referral in which no forum's criteria are met"
SETTINGS = Path(__file__).parent / "settings"
AN_INSTANT = datetime(2018, 8, 5, 12, tzinfo=UTC)


@cache
def baseline() -> Policy:
    return load_policy(policy_file(BASELINE))


@cache
def shipped(name: str) -> Policy:
    return load_policy(policy_file(name), None if name == BASELINE else policy_file(BASELINE))


@cache
def other_settings() -> Policy:
    """A made-up area that sets every switch which the shipped areas leave alone."""
    text = (SETTINGS / "other-settings.toml").read_text(encoding="utf-8")
    return load_policy(PolicyFile("other-settings.toml", text), policy_file(BASELINE))


def example_text(name: str) -> str:
    return files("app.routing").joinpath("policies", "examples", f"{name}.toml").read_text(encoding="utf-8")


@cache
def examples_of(name: str) -> tuple[PolicyExample, ...]:
    """The examples of one policy; the baseline's are read first, because the others extend them."""
    base = read_examples(example_text(BASELINE))
    if name == BASELINE:
        return base
    own = (
        (SETTINGS / "other-settings.examples.toml").read_text(encoding="utf-8")
        if name == "other-settings"
        else example_text(name)
    )
    return read_examples(example_text(BASELINE), own)[len(base) :]


def every_policy() -> dict[str, Policy]:
    return {name: shipped(name) for name in SHIPPED} | {"other-settings": other_settings()}


def facts(**changed: Fact) -> dict[str, Fact]:
    """A quiet referral, fully known, with what the test changes."""
    quiet = next(example for example in examples_of(BASELINE) if example.name == QUIET)
    assert changed.keys() <= quiet.given.keys()
    return {**quiet.given, **changed}


def facts_at(case: CaseSnapshot, at: datetime = AN_INSTANT, policy: Policy | None = None) -> dict[str, Fact]:
    """The facts of the case as a policy, the baseline if no other is named, reads them at that instant."""
    reads = policy or baseline()
    return derive(case, at, parameters(reads), reads.law)


def parameters(policy: Policy) -> dict[str, Value]:
    return {name: parameter.value for name, parameter in policy.parameters.items()}


def altered(*changes: tuple[str, str]) -> PolicyFile:
    """The baseline's text with each snippet replaced; a snippet that is not there fails the test."""
    text = policy_file(BASELINE).text
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return PolicyFile("altered.toml", text)


def local(body: str, extends: str = "national-baseline 2.0.0") -> PolicyFile:
    """A local policy laid over the baseline."""
    head = f"""
[policy]
id = "anytown"
version = "1.0.0"
title = "Anytown"
in_force = 2026-10-01T00:00:00+01:00
applies_to = "new and reopened referrals"
extends = "{extends}"
"""
    return PolicyFile("anytown.toml", head + body)


def an_incident(on: date, **changed: object) -> IncidentFacts:
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return replace(IncidentFacts(at, at, "Cleveland", "victim-1", "perpetrator-1"), **changed)


def a_snapshot(
    victim: Mapping[str, object] | None = None,
    perpetrator: Mapping[str, object] | None = None,
    **changed: object,
) -> CaseSnapshot:
    """One couple of whom nothing else is known."""
    return replace(
        CaseSnapshot(
            replace(Victim("victim-1"), **(victim or {})),
            replace(Perpetrator("perpetrator-1"), **(perpetrator or {})),
        ),
        **changed,
    )

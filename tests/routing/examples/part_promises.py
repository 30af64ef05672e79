"""Checks each part of a policy against a promise: who owns a duty and by when, who leads and holds in a row.

A promise is written from the register of duties and not from the policy, so that a mistake in either is found.
An example says when something arises; a promise says what it then is.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.routing.policy.labels import due_name, owed_again_name
from app.routing.policy.types import Condition, DutyTemplate, LeadRow, Policy, SupportTemplate

FOLDER = Path(__file__).parent / "promises"


@dataclass(frozen=True, slots=True)
class Promise:
    """What the part with the id `of` must be, field by field in words."""

    of: str
    says: Mapping[str, object]


def promises_of(policy_id: str) -> tuple[Promise, ...]:
    """The promises of that policy, in the file of its name; empty when there is none."""
    file = FOLDER / f"{policy_id}.toml"
    return read_promises(file.read_text(encoding="utf-8")) if file.exists() else ()


def read_promises(*texts: str) -> tuple[Promise, ...]:
    """The promises of the files. Raises ValueError when one part has two promises."""
    found: dict[str, Promise] = {}
    for text in texts:
        for table in tomllib.loads(text).get("promise", []):
            of = str(table["of"])
            if of in found:
                raise ValueError(f"'{of}' is promised twice")
            found[of] = Promise(of, {name: value for name, value in table.items() if name != "of"})
    return tuple(found.values())


def broken_promises(policy: Policy, promise: Promise) -> Iterator[str]:
    """One sentence for each way in which the policy does not keep the promise."""
    kept = _kept(policy, promise.of)
    if kept is None:
        yield f"{promise.of} is not there"
        return
    for name in dict.fromkeys((*promise.says, *kept)):
        wanted, got = promise.says.get(name), kept.get(name)
        if (wanted or None) != (got or None):
            yield f"{promise.of}.{name}: promised {wanted or 'nothing'}, is {got or 'nothing'}"


def ids_of_promised_parts(policy: Policy) -> tuple[str, ...]:
    """The ids of every part that needs a promise."""
    kinds: tuple[tuple[Any, ...], ...] = (
        policy.victim_rows,
        policy.perpetrator_rows,
        policy.supports,
        policy.duties,
    )
    return tuple(part.id for kind in kinds for part in kind)


def _kept(policy: Policy, part_id: str) -> dict[str, object] | None:
    for row in (*policy.victim_rows, *policy.perpetrator_rows):
        if row.id == part_id:
            return _row(row)
    for support in policy.supports:
        if support.id == part_id:
            return _support(support)
    return next((_duty(duty) for duty in policy.duties if duty.id == part_id), None)


def _row(row: LeadRow) -> dict[str, object]:
    return {
        "lead": str(row.lead),
        "role": str(row.role),
        "holder": str(row.holder),
        "accept": due_name(row.accept_within),
    }


def _support(support: SupportTemplate) -> dict[str, object]:
    return {"forum": str(support.forum) if support.forum else None, "role": str(support.role)}


def _duty(duty: DutyTemplate) -> dict[str, object]:
    return {
        "kind": str(duty.kind),
        "once_for": str(duty.once_for),
        "shown_by": _in_words(duty.shown_by),
        "owner": str(duty.owner),
        "with": [str(role) for role in duty.support],
        "to": duty.recipient,
        "due": due_name(duty.due),
        "life_safety": duty.life_safety,
        "life_safety_when": [_in_words(group) for group in duty.life_safety_when],
        "screens": duty.screens,
        "reaches_victim": duty.reaches_victim,
        "about": str(duty.about) if duty.about else None,
        "opens": f"{duty.opens.amount} {duty.opens.unit}" if duty.opens else None,
        "owed_again": owed_again_name(duty.repeats_every, duty.again_within),
    }


def _in_words(conditions: tuple[Condition, ...]) -> str:
    return " and ".join(" ".join((one.left, one.operator, *map(_plain, one.right))) for one in conditions)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

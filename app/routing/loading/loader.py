"""Loads a policy from its TOML text: reads it, lays it over its base, checks and proves it.

`load_policy` raises PolicyErrors with every fault, each with its file and line. A fault that the proof found
has the situation that shows it, as an example to paste beside the policy.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.routing.law.files import law_book
from app.routing.loading.dated_lines import check_dated_lines, read_dated_lines
from app.routing.loading.definitions import PolicyDefinitions, read_definitions
from app.routing.loading.overlay import MergedTables, TomlTables, overlay
from app.routing.loading.proof_places import ProofPlaces
from app.routing.loading.rule_sections import SectionReader
from app.routing.loading.shapes import check_shapes
from app.routing.loading.unused_parameters import check_unused_parameters
from app.routing.loading.whole_policy_checks import check_whole_policy
from app.routing.policy.faults import Faults, PolicyErrors
from app.routing.policy.toml_entries import Entry, entries
from app.routing.policy.types import Policy
from app.routing.proof.prove import prove
from app.vocabulary import POLICY_ID, POLICY_VERSION

_SECTIONS = {
    "policy",
    "source",
    "param",
    "fact",
    "outcome",
    "rule",
    "victim_lead",
    "perpetrator_lead",
    "support",
    "duty",
    "warning",
    "law",
}


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The text of a policy, and the file name that its faults give."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, in hex, as the stored policy names it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PolicyHeader:
    """The [policy] table: which version this is, from when it applies and what it extends."""

    id: str
    version: str
    title: str
    in_force: datetime
    applies_to: str
    extends: str | None


def load_policy(file: PolicyFile, base: PolicyFile | None = None) -> Policy:
    """Returns the proved policy of the file; `base` is the file that its `extends` names. Raises PolicyErrors."""
    law_book()  # Whoever may load a policy may rely on the law it rests on.
    policy = read_policy(file, base)
    under = read_policy(base) if base is not None and policy.extends else None
    report = prove(policy, under)
    if report.faults:
        own = Faults(file.name, file.text)
        beneath = (Faults(base.name, base.text), under) if base and under else None
        places = ProofPlaces(own, policy, beneath)
        raise PolicyErrors(replace(fault, place=places.of(fault.place)) for fault in report.faults)
    return policy


def read_policy(file: PolicyFile, base: PolicyFile | None = None) -> Policy:
    """Returns the policy of the file, checked part by part but not proved. Raises PolicyErrors."""
    faults = Faults(file.name, file.text)
    local = parse_toml(file, faults)
    check_shapes(local, faults)
    faults.stop_if_any()
    head = _header(Entry(_policy_table(local), "policy", faults), faults)
    merged = _merged(local, head, base, faults)
    faults.stop_if_any()
    for section in set(merged.raw) - _SECTIONS:
        faults.add(f"[{section}", f"[{section}] is not a section that is known")
    check_unused_parameters(local, merged.raw, faults)
    definitions = read_definitions(merged.raw, faults)
    policy = _assemble(head, definitions, merged, _fingerprint(file, base), faults)
    faults.stop_if_any()
    return policy


def parse_toml(file: PolicyFile, faults: Faults) -> TomlTables:
    """Returns the tables of the file. Raises PolicyErrors when the text is not TOML; the message names the line."""
    try:
        return tomllib.loads(file.text)
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: a number of thousands of digits and lists nested by thousands end otherwise.
        faults.add("", f"not valid TOML: {error}")
        raise PolicyErrors(faults.found) from None


def _policy_table(raw: TomlTables) -> Mapping[str, object]:
    held = raw.setdefault("policy", {})
    return held if isinstance(held, dict) else {}


def _header(entry: Entry, faults: Faults) -> PolicyHeader:
    in_force = entry.any_value("in_force")
    if not isinstance(in_force, datetime) or in_force.tzinfo is None:
        faults.add("in_force", "`in_force` must be a date and time with its zone", entry="policy")
        faults.stop_if_any()
    assert isinstance(in_force, datetime)  # noqa: S101 - narrowed by the fault above
    head = PolicyHeader(
        entry.text("id"),
        entry.text("version"),
        entry.text("title"),
        in_force,
        entry.text("applies_to"),
        entry.text("extends", "") or None,
    )
    entry.done()
    _check_names(head, faults)
    return head


def _check_names(head: PolicyHeader, faults: Faults) -> None:
    """Adds a fault for an id or a version that could lead elsewhere where it stands in an address or a file name."""
    if head.id and not re.fullmatch(POLICY_ID, head.id):
        rule = "must be up to 60 small letters, digits and hyphens, and begin with a letter"
        faults.add("id =", f"`id` {rule}, such as anytown-2026", entry="policy")
    if head.version and not re.fullmatch(POLICY_VERSION, head.version):
        faults.add("version =", "`version` must be up to three numbers with dots, such as 2.0.0", entry="policy")


def _merged(local: TomlTables, head: PolicyHeader, base: PolicyFile | None, faults: Faults) -> MergedTables:
    if head.extends is None:
        return MergedTables(local, ())
    if base is None:
        faults.add("extends", f"this policy extends '{head.extends}', which was not given")
        faults.stop_if_any()
        raise PolicyErrors(faults.found)
    base_faults = Faults(base.name, base.text)
    base_raw = parse_toml(base, base_faults)
    check_shapes(base_raw, base_faults)
    base_faults.stop_if_any()
    named = _policy_table(base_raw)
    if head.extends != f"{named.get('id')} {named.get('version')}":
        faults.add("extends", f"this policy extends '{head.extends}', not '{named.get('id')} {named.get('version')}'")
    return overlay(base_raw, local, faults)


def _fingerprint(file: PolicyFile, base: PolicyFile | None) -> str:
    """Returns the SHA-256 over the text and the text that it extends: a change of either makes another policy."""
    chain = file.sha256 if base is None else f"{base.sha256}+{file.sha256}"
    return hashlib.sha256(chain.encode()).hexdigest()


def _assemble(
    head: PolicyHeader, definitions: PolicyDefinitions, merged: MergedTables, sha256: str, faults: Faults
) -> Policy:
    parts = SectionReader(definitions)
    raw = merged.raw
    policy = Policy(
        id=head.id,
        version=head.version,
        title=head.title,
        in_force=head.in_force,
        applies_to=head.applies_to,
        sha256=sha256,
        extends=head.extends,
        parameters=definitions.parameters,
        facts=definitions.facts,
        outcomes=definitions.outcomes,
        rules=tuple(parts.rule(e) for e in entries(raw, "rule", faults)),
        victim_rows=tuple(parts.victim_row(e) for e in entries(raw, "victim_lead", faults)),
        perpetrator_rows=tuple(parts.perpetrator_row(e) for e in entries(raw, "perpetrator_lead", faults)),
        supports=tuple(parts.support(e) for e in entries(raw, "support", faults)),
        duties=tuple(parts.duty(e) for e in entries(raw, "duty", faults)),
        warnings=tuple(parts.warning(e) for e in entries(raw, "warning", faults)),
        law=read_dated_lines(raw, definitions, faults),
        sources=definitions.sources,
        departures=merged.departures,
    )
    check_whole_policy(policy, faults)
    faults.stop_if_any()
    check_dated_lines(policy, faults)
    return policy

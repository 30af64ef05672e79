"""Makes a stored decision again: it is the same to the byte, or some fields differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.routing.engine.decide import decide
from app.routing.policy.types import Policy
from app.routing.record.short_form import StoredDecision, all_facts, short_form


@dataclass(frozen=True, slots=True)
class Same:
    """The decision is the same to the byte: both have this fingerprint, which covers every byte."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Different:
    """The decision differs, or the record was changed: each place, with the stored and the new value."""

    fields: tuple[tuple[str, object, object], ...]


class UnknownPolicyError(Exception):
    """None of the policies has the fingerprint under which the decision was made."""


def replay(stored: StoredDecision, policies: Iterable[Policy]) -> Same | Different:
    """Decides again under the policy that made the decision, which its fingerprint identifies.

    Raises UnknownPolicyError when none of the policies has that fingerprint, and FactErrors when the
    stored facts are not facts of it.
    """
    wanted = stored.policy_sha256
    policy = next((each for each in policies if each.sha256 == wanted), None)
    if policy is None:
        raise UnknownPolicyError(f"no policy has the fingerprint {wanted}")
    again = decide(policy, all_facts(policy, stored.short))
    was = {**stored.short, "sha256": stored.sha256}
    differing = tuple(differences(was, {**short_form(again), "sha256": again.sha256}))
    return Different(differing) if differing else Same(again.sha256)


def differences(was: object, now: object, path: str = "") -> Iterator[tuple[str, object, object]]:
    """Yields each innermost place where two pieces of plain data differ, as a path such as `duties[3]`."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*was, *now)):
            yield from differences(was.get(name), now.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for place, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif was != now:
        yield path, was, now

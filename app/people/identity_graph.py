"""Finds who is one person, given the links that stand. Pure; the order in which links are read makes no difference.

A link says that two pseudonyms are one person. "One person" is everything that links reach: if A is B and B is C,
then A is C, even when no link says so.
"""

from collections.abc import Collection, Iterable, Mapping

Pair = tuple[str, str]


def same_person(ref: str, links: Collection[Pair]) -> frozenset[str]:
    """Returns every pseudonym of this person, including the one given."""
    reached, waiting = {ref}, [ref]
    neighbours = _neighbours(links)
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return frozenset(reached)


def _neighbours(links: Iterable[Pair]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in links:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def canonical_by_links(refs: Iterable[str], preferred: Collection[str], links: Collection[Pair]) -> dict[str, str]:
    """Maps each pseudonym to the one that stands for its person: a preferred one if any, else the first by name."""
    names: dict[str, str] = {}
    for ref in sorted(set(refs)):
        if ref not in names:
            person = same_person(ref, links)
            canonical = min(person & set(preferred), default=min(person))
            names |= dict.fromkeys(person, canonical)
    return {ref: names[ref] for ref in set(refs)}


def ordered_pair(one: str, other: str) -> Pair:
    """Returns the two pseudonyms in alphabetical order, so that each pair is stored in one form."""
    return (one, other) if one < other else (other, one)

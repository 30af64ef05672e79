"""Who is one person, given the links that stand. Pure, and the same in whatever order the links are read.

A link says that two pseudonyms are one person. "One person" is everything that links reach: if A is B and B is C,
then A is C, although nobody said so.
"""

from collections.abc import Collection, Iterable, Mapping

Pair = tuple[str, str]


def same_person(ref: str, links: Collection[Pair]) -> frozenset[str]:
    """Every pseudonym of this person, the one asked about included."""
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


def known_as(refs: Iterable[str], preferred: Collection[str], links: Collection[Pair]) -> dict[str, str]:
    """For each pseudonym the one that stands for its person: a preferred one if there is one, else the first by name."""
    names: dict[str, str] = {}
    for ref in sorted(set(refs)):
        if ref not in names:
            person = same_person(ref, links)
            stands = min(person & set(preferred), default=min(person))
            names |= dict.fromkeys(person, stands)
    return {ref: names[ref] for ref in set(refs)}


def in_order(one: str, other: str) -> Pair:
    """The two as they are written in a link, so that a pair has one form."""
    return (one, other) if one < other else (other, one)

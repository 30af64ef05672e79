"""Joins the lists that several statements give of one thing: one entry for each child, order, conviction and so on.

What one author says later of an entry completes what that author said. What two authors say stands side by side: every
rule reads such a list by asking whether any entry meets it, so that the copy of one author hides no other's.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from app.referrals.statements.births import AGE
from app.routing.facts.moving.ages import combined_texts

Entry: TypeAlias = dict[str, Any]

# What makes two entries of a list one thing. A list that is not here is a plain list of values.
KEYS: dict[str, tuple[str, ...]] = {
    "perpetrator.convictions": ("offence", "convicted_on"),
    "perpetrator.licences": ("kind", "service", "starts_on"),
    "perpetrator.escalations": ("kind", "observed_on", "ref"),
    "perpetrator.custody_periods": ("from_on",),
    "orders": ("kind", "protected_ref", "starts_on"),
    "children": ("ref",),
    "claims": ("forum", "claimed_by"),
    "must_not_be_told": ("who", "reason"),
}
# Left out of an entry, these say something: it has no end that is known, it is a conviction, and of the whole offence,
# a child of school age goes to school and nobody has told it, nobody has confirmed the claim.
# What another author says there is that author's word only.
SAY_BY_SILENCE: dict[str, frozenset[str]] = {
    "perpetrator.convictions": frozenset({"suspended", "caution", "inchoate", "sentence_ended_on"}),
    "perpetrator.licences": frozenset({"ends_on"}),
    "perpetrator.custody_periods": frozenset({"until_on"}),
    "orders": frozenset({"ends_on"}),
    "children": frozenset({"home_educated", "setting_kind", "encompass_told_at"}),
    "claims": frozenset({"confirmed_at", "expires_on"}),
}
# A claim is checked by the hub or by the service that supervises: their word of it stands over the claimant's.
WORD_OF_WHOEVER_MAY_SAY = frozenset({"claims"})
# They say who acts: a service, or that of an area. Where whoever may say names one, another author's entry names none.
_WHO_ACTS: dict[str, tuple[frozenset[str], ...]] = {
    "perpetrator.licences": (frozenset({"service", "area"}), frozenset({"practitioner"}))
}
# True about an entry protects more than false, except here: a caution leads to less than a conviction does.
_FALSE_STANDS = frozenset({"caution"})


class AuthorsList(NamedTuple):
    """The list of one author. `may_say`: the hub, or the service that supervises the perpetrator."""

    entries: Sequence[Entry]
    may_say: bool = False


def joined(part: str, lists: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Returns every entry of every list of one author once, the oldest first.

    Of a later list the newer values stand, and true over false.
    """
    found: dict[tuple[Any, ...], Entry] = {}
    for entry in (entry for each in lists for entry in each):
        key = _key(part, entry)
        found[key] = _completed(found.get(key, {}), entry)
    return list(found.values())


def side_by_side(part: str, lists: Sequence[AuthorsList]) -> list[Entry]:
    """Returns every entry of every author: one where they agree, else each as its author states it.

    An author's entry is completed by what the others say of the same thing and this one leaves out.
    """
    stated = [(entry, one.may_say) for one in lists for entry in _naming(part, one, lists)]
    same: dict[tuple[Any, ...], list[tuple[Entry, bool]]] = {}
    for entry, may_say in stated:
        same.setdefault(_key(part, entry), []).append((_known(entry), may_say))
    found: list[Entry] = []
    for versions in same.values():
        heard = _heard(part, versions)
        found.extend(_distinct(_with_others(part, entry, heard) for entry in heard))
    return found


def unconfirmed(claims: Sequence[Entry] | None) -> list[Entry]:
    """Returns the claims without anybody's confirmation: whoever claims, or hears of it, does not confirm it."""
    return [{name: value for name, value in one.items() if name != "confirmed_at"} for one in claims or ()]


def contradicts_itself(part: str, lists: Sequence[AuthorsList]) -> bool:
    """Returns whether one author has entries and another says none, or two say different things of one entry."""
    if len({bool(one.entries) for one in lists}) > 1:
        return True
    return _repeated(part, lists) > max((_repeated(part, [one]) for one in lists), default=0)


def _repeated(part: str, lists: Sequence[AuthorsList]) -> int:
    together = side_by_side(part, lists)
    return len(together) - len({_key(part, entry) for entry in together})


def _key(part: str, entry: Entry) -> tuple[Any, ...]:
    return tuple(entry.get(name) for name in KEYS[part])


def _known(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if value is not None}


def _naming(part: str, one: AuthorsList, lists: Sequence[AuthorsList]) -> Iterator[Entry]:
    """Yields the author's entries, without who acts where the author may not say and somebody who may has said it."""
    heard = [entry for each in lists if each.may_say for entry in each.entries]
    ways = [names for names in _WHO_ACTS.get(part, ()) if any(entry.get(name) for entry in heard for name in names)]
    named = frozenset().union(*ways)
    for entry in one.entries:
        yield entry if one.may_say else {name: value for name, value in entry.items() if name not in named}


def _heard(part: str, versions: Sequence[tuple[Entry, bool]]) -> list[Entry]:
    may_say = [entry for entry, says in versions if says]
    if part in WORD_OF_WHOEVER_MAY_SAY and may_say:
        return may_say
    return [entry for entry, _ in versions]


def _with_others(part: str, entry: Entry, versions: Sequence[Entry]) -> Entry:
    silent = SAY_BY_SILENCE.get(part, frozenset())
    others_say: Entry = {}
    for other in versions:
        others_say = {name: value for name, value in other.items() if name not in silent} | others_say
    return others_say | entry


def _distinct(entries: Iterator[Entry]) -> list[Entry]:
    found: list[Entry] = []
    for entry in entries:
        if entry not in found:
            found.append(entry)
    return found


def _completed(earlier: Entry, later: Entry) -> Entry:
    return earlier | {name: _value(name, earlier.get(name), value) for name, value in later.items()}


def _value(name: str, earlier: Any, later: Any) -> Any:  # noqa: ANN401 - whatever the entry holds
    if later is None or earlier is None:
        return earlier if later is None else later
    if isinstance(later, bool) and isinstance(earlier, bool):
        return earlier and later if name in _FALSE_STANDS else earlier or later
    if name == AGE:
        return combined_texts([earlier, later])
    return later

"""A duty that waits because contact could harm is never lost: somebody agrees whether and how the victim is reached."""

from collections.abc import Iterator

import pytest

from app.routing.policy.duty_ids import AGREE_CONTACT
from app.routing.policy.types import Condition
from tests.routing.given import baseline

HELD = "contact_held"
# Of what is held, this part only leaves a place out: the agreement is asked for without it.
NARROWS = {("help_sought", (False,)), ("no_home_to_secure", (False,))}
Way = frozenset[tuple[str, str, tuple[object, ...]]]


def way(group: tuple[Condition, ...]) -> Way:
    read = ((one.left, str(one.operator), tuple(one.right)) for one in group if one.left != HELD)
    return frozenset(each for each in read if (each[0], each[2]) not in NARROWS)


def held_ways() -> Iterator[tuple[str, Way]]:
    """Every way in which a duty arises that waits while contact is held."""
    for duty in baseline().duties:
        if duty.id != AGREE_CONTACT:
            yield from ((duty.id, way(group)) for group in duty.when_any if any(one.left == HELD for one in group))


@pytest.mark.parametrize("held", list(held_ways()), ids=lambda held: f"{held[0]}: {sorted(one[0] for one in held[1])}")
def test_whatever_waits_is_agreed(held: tuple[str, Way]) -> None:
    agree = next(duty for duty in baseline().duties if duty.id == AGREE_CONTACT)

    assert any(way(group) <= held[1] for group in agree.when_any)

"""A practitioner reads at most 200 words before the details; every sign of danger that was stated is named there."""

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from app.routing.engine.decide import decide
from app.routing.facts.danger_signs import danger_signs
from app.routing.facts.moving.ages import born_in
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim
from app.routing.handbook.explain import IN_SHORT, Audience, explain
from app.routing.handbook.in_short import MOST_WORDS, in_short
from app.routing.policy.vocabulary import OrderKind
from app.vocabulary import Grade
from tests.routing.given import AN_INSTANT, a_snapshot, baseline, facts, facts_at, parameters

MUST_BE_NAMED = {
    "strangulation": "strangulation",
    "threats_to_kill": "threats to kill",
    "separation": "separation",
    "pregnancy": "pregnancy",
}
OTHER_SIGNS = ("weapon", "stalking", "coercive_control", "isolation", "phone_taken", "perpetrator_answered_phone")
FORUMS = ("marac", "matac", "mappa")
TRI = st.sampled_from((None, False, True))
ORDERS = st.builds(Order, st.sampled_from(OrderKind), breached=TRI)
CHILDREN = st.builds(Child, st.just("C"), in_household=TRI, perpetrator_access=TRI)
SNAPSHOTS = st.fixed_dictionaries(
    {
        "assessment": st.builds(
            Assessment,
            ticks=st.none() | st.integers(0, 24),
            unanswered=st.none() | st.integers(0, 10),
            completed=TRI,
            officer_grade=st.none() | st.sampled_from(Grade),
            judged_high=TRI,
            seen_alone=TRI,
            **dict.fromkeys(
                (*MUST_BE_NAMED, "weapon", "stalking", "coercive_control", "isolation", "phone_taken"), TRI
            ),
        ),
        "orders": st.none()
        | st.lists(st.builds(Order, st.sampled_from(OrderKind), breached=TRI), max_size=3).map(tuple),
        "children": st.none() | st.lists(CHILDREN, max_size=3).map(tuple),
        "victim": st.builds(Victim, st.just("V"), birth=st.none() | st.integers(1930, 2016).map(born_in)),
        "perpetrator": st.builds(
            Perpetrator,
            st.just("P"),
            birth=st.none() | st.integers(1930, 2017).map(born_in),
            in_custody=TRI,
            breach_suspected=TRI,
        ),
    }
)


@settings(max_examples=400, deadline=None)
@given(SNAPSHOTS)
def test_in_short_it_is_at_most_200_words_and_names_every_sign_of_danger_that_was_stated(changed: Any) -> None:
    snapshot = replace(a_snapshot(), **changed)
    decision = decide(baseline(), facts_at(snapshot))

    first = explain(
        decision, Audience.PRACTITIONER, danger_signs(snapshot, AN_INSTANT, parameters(baseline()))
    ).passages[0]

    text = " ".join(first.sentences)
    assert first.heading == IN_SHORT
    assert len(text.split()) <= MOST_WORDS, text
    stated = {words for name, words in MUST_BE_NAMED.items() if getattr(snapshot.assessment, name)}
    if any(order.breached for order in snapshot.orders or ()):
        stated.add("breach of a")
    if any(child.in_household or child.perpetrator_access for child in snapshot.children or ()):
        stated.add("children")
    assert {words for words in stated if words not in text} == set()
    unstated = set(MUST_BE_NAMED.values()) - stated
    assert {words for words in unstated if words in first.sentences[0]} == set()


def test_lead_that_is_only_asked_is_not_written_as_leading_in_short() -> None:
    first = explain(decide(baseline(), _high()), Audience.PRACTITIONER).passages[0]

    assert first.sentences[0].startswith("MARAC is asked to lead on the victim's safety, within ")
    assert "leads" not in " ".join(first.sentences)


def _high() -> dict[str, Any]:
    graded = replace(a_snapshot(), assessment=Assessment(officer_grade=Grade.HIGH))
    return dict(facts_at(graded))


EVERY_GROUND = {
    "assessment_tool": "DASH24", "ticks": 20, "judged_high": True, "grade": "HIGH", "repeat": True,
    "incidents_in_window": 5, "transferred_in": True, "dvds_panel_referral": True, "victims_in_window": 4,
    "mappa_level": "1", "escalation_evidence": 3, "order_breached": True, "bail_breach_suspected": True,
}  # fmt: skip
EVERY_SIGN = tuple(MUST_BE_NAMED.values()) + tuple(f"breach of order {number}" for number in range(12))


def test_in_short_leaves_out_grounds_and_never_a_sign_where_there_is_no_room_for_all() -> None:
    decision = decide(baseline(), facts(**EVERY_GROUND))
    grounds = [f"{one.outcome.upper()}: {one.because}." for one in decision.findings if one.outcome in FORUMS]

    short = in_short(decision, EVERY_SIGN)

    everything = " ".join((*short, *(each for each in grounds if each not in short)))
    assert len(everything.split()) > MOST_WORDS
    assert len(" ".join(short).split()) <= MOST_WORDS
    assert short[0] == f"Stated: {', '.join(EVERY_SIGN)}."
    assert [each for each in grounds if each in short]

"""The twenty-four rows, each with and without refusals, and the order in which forums are asked."""

import pytest

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import PolicyExample
from app.routing.policy.columns import (
    HAS_NOT_DECLINED,
    MAPPA_PATHS,
    PERPETRATOR_COLUMNS,
    VICTIM_COLUMNS,
    mappa_path,
)
from app.routing.policy.outcomes import MAPPA_STATES, OPEN, primacy_rows
from app.routing.policy.refusals import declined_fact
from app.vocabulary import Forum
from tests.routing.given import baseline, example_text, examples_of, facts, other_settings
from tests.routing.lead_table_cells import failing_cells, read_cells

ORDER = ["MAPPA_L2", "MAPPA_L1_LEAD_AGENCY", "SUPERVISING_SERVICE", "IOM", "DAPP", "MATAC", "PDP", "HUB"]
PUBLISHED = {
    1: ("REFERRING_AGENCY", "HUB"),
    2: ("REFERRING_AGENCY", "MAPPA_L2"),
    3: ("REFERRING_AGENCY", "MAPPA_L1_LEAD_AGENCY"),
    4: ("REFERRING_AGENCY", "MAPPA_L2"),
    5: ("MAPPA_L2", "MAPPA_L2"),
    6: ("MAPPA_L3", "MAPPA_L3"),
    7: ("REFERRING_AGENCY", "MATAC"),
    8: ("REFERRING_AGENCY", "MAPPA_L2"),
    9: ("REFERRING_AGENCY", "MAPPA_L1_LEAD_AGENCY"),
    10: ("REFERRING_AGENCY", "MAPPA_L2"),
    11: ("MAPPA_L2", "MAPPA_L2"),
    12: ("MAPPA_L3", "MAPPA_L3"),
    13: ("MARAC", "HUB"),
    14: ("MARAC", "MAPPA_L2"),
    15: ("MARAC", "MAPPA_L1_LEAD_AGENCY"),
    16: ("MARAC", "MAPPA_L2"),
    17: ("MARAC", "MAPPA_L2"),
    18: ("MARAC", "MAPPA_L3"),
    19: ("MARAC", "MATAC"),
    20: ("MARAC", "MAPPA_L2"),
    21: ("MARAC", "MAPPA_L1_LEAD_AGENCY"),
    22: ("MARAC", "MAPPA_L2"),
    23: ("MARAC", "MAPPA_L2"),
    24: ("MARAC", "MAPPA_L3"),
}
STATES = {
    "none": {},
    "referable": {"mappa_automatic": True},
    "l1": {"mappa_level": "1"},
    "l1_escalating": {"mappa_level": "1", "escalation_evidence": 2},
    "l2": {"mappa_level": "2"},
    "l3": {"mappa_level": "3"},
}


@pytest.mark.parametrize("row", PUBLISHED)
def test_each_row_of_the_published_table_names_its_two_leads(row: int) -> None:
    marac, rest = divmod(row - 1, 12)
    matac, state = divmod(rest, 6)
    policy = other_settings() if row in {15, 21} else baseline()
    known = facts(judged_high=bool(marac), victims_in_window=1 + matac, **STATES[MAPPA_STATES[state]])

    decision = decide(policy, known)

    assert decision.primacy_rows == (row,)
    assert (decision.victim.forum, decision.perpetrator.forum) == PUBLISHED[row]


def test_the_rows_are_numbered_as_the_table_is_published() -> None:
    numbered = [
        primacy_rows(marac, matac, mappa)
        for marac in ("no", "yes")
        for matac in ("no", "yes")
        for mappa in MAPPA_STATES
    ]

    assert numbered == [(row,) for row in range(1, 25)]


def test_an_open_answer_leaves_every_row_that_may_apply() -> None:
    assert primacy_rows(OPEN, "no", "l1") == (3, 15)
    assert primacy_rows("yes", OPEN, OPEN) == tuple(range(13, 25))
    assert primacy_rows(OPEN, OPEN, OPEN) == tuple(range(1, 25))


def test_twenty_four_of_sixty_three_situations_are_settled_and_are_the_rows() -> None:
    forums = ("no", OPEN, "yes")
    every = [primacy_rows(a, b, c) for a in forums for b in forums for c in ("none", OPEN, *MAPPA_STATES[1:])]

    settled = [rows for rows in every if len(rows) == 1]
    assert len(every) == 63
    assert sorted(settled) == [(row,) for row in range(1, 25)]


@pytest.mark.parametrize("example", examples_of("national-baseline"), ids=lambda example: example.name)
def test_refusing_one_by_one_walks_the_candidates_in_order_and_ends_with_the_hub(example: PolicyExample) -> None:
    known = dict(example.given)
    named = [lead.forum for lead in decide(baseline(), known).perpetrator_candidates]

    walked = []
    while True:
        lead = decide(baseline(), known).perpetrator.forum
        walked.append(lead)
        if lead is Forum.HUB or (lead in {Forum.MAPPA_L2, Forum.MAPPA_L3} and known["mappa_level"] in {"2", "3"}):
            break
        known[declined_fact(lead)] = True

    assert walked == named
    in_order = [forum for forum in walked if forum in ORDER]
    assert in_order == sorted(in_order, key=ORDER.index) or known["mappa_level"] in {"2", "3"}


@pytest.mark.parametrize("state", [*MAPPA_STATES, OPEN])
@pytest.mark.parametrize("l2_declined", [False, True])
@pytest.mark.parametrize("agency_declined", [False, True])
@pytest.mark.parametrize("supervised", [False, True])
def test_a_column_value_that_says_not_declined_is_never_given_after_a_refusal(
    state: str, l2_declined: bool, agency_declined: bool, supervised: bool
) -> None:
    path = mappa_path(state, l2_declined=l2_declined, lead_agency_declined=agency_declined, supervised=supervised)

    assert path in MAPPA_PATHS
    if l2_declined and state != "l2":
        assert path not in HAS_NOT_DECLINED[Forum.MAPPA_L2]["mappa_path"]
    if not supervised:
        assert path not in HAS_NOT_DECLINED[Forum.SUPERVISING_SERVICE]["mappa_path"]
    if agency_declined:
        assert path not in HAS_NOT_DECLINED[Forum.MAPPA_L1_LEAD_AGENCY]["mappa_path"]


def test_every_forum_that_can_decline_has_a_column_that_shows_it() -> None:
    shown = {column for columns in HAS_NOT_DECLINED.values() for column in columns}

    assert shown <= PERPETRATOR_COLUMNS.keys() | VICTIM_COLUMNS.keys()
    assert set(HAS_NOT_DECLINED) == set(Forum) - {Forum.HUB, Forum.REFERRING_AGENCY}


def test_each_cell_that_ships_with_the_policy_meets_its_row() -> None:
    cells = read_cells(example_text("national-baseline"))

    assert len(cells) == 5
    assert list(failing_cells(baseline(), cells)) == []


def test_a_cell_that_leaves_a_column_out_is_refused() -> None:
    with pytest.raises(ValueError, match="must give every column"):
        read_cells('[[cell]]\nname = "x"\ntable = "victim_lead"\ngiven = { mappa = "l3" }')

"""A policy with a fault is refused at load, with the place and, where there is one, the situation."""

from time import process_time

import pytest

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import read_examples
from app.routing.loading.loader import PolicyFile, load_policy, read_policy
from app.routing.policy.faults import PolicyErrors
from app.routing.proof.prove import prove
from tests.routing.given import altered, baseline, facts
from tests.routing.lead_table_cells import failing_cells, read_cells

HIGH = 'when = ["judged_high == true"]'
HUB_16 = (
    'holder = "HUB"\naccept_within = "1 working days"\n'
    'says = "no perpetrator process is known to take the perpetrator: the need'
)
FAULTS = [
    (
        "a misspelt fact",
        [(HIGH, 'when = ["judgd_high == true"]')],
        "'judgd_high' in 'judgd_high == true' is not a fact",
    ),
    (
        "a misspelt value",
        [('"grade == HIGH"]\nsays', '"grade == High"]\nsays')],
        "'High' in 'grade == High' is not a value",
    ),
    ("a parameter that does not exist", [("ticks >= dash24_ticks", "ticks >= dash_ticks")], "'dash_ticks' in"),
    ("an operator that does not exist", [(HIGH, 'when = ["judged_high ~ true"]')], "is not `name operator value`"),
    ("an order between words", [(HIGH, 'when = ["grade >= HIGH"]')], "compares numbers, and grade is a choice"),
    ("two values without in", [(HIGH, 'when = ["grade == HIGH MEDIUM"]')], "compares with more than one value"),
    (
        "one name read twice",
        [(HIGH, 'when = ["judged_high == true", "judged_high == false"]')],
        "reads judged_high twice",
    ),
    ("a number outside the fact", [("ticks >= dash24_ticks", "ticks >= 99")], "a whole number from 0 to 27"),
    ("an answer nobody asked for", [('then = "marac"', 'then = "marak"')], "is no answer to a question"),
    ("a value a question does not have", [('then = "mappa l1"', 'then = "mappa l4"')], "is no answer to a question"),
    (
        "a source that does not exist",
        [('source = "SL-CRITERIA"', 'source = "SL-CRITERION"')],
        "there is no source 'SL-CRITERION'",
    ),
    ("a sentence with an unknown name", [("{dash24_ticks}", "{dash_ticks}")], "the sentence names 'dash_ticks'"),
    ("an id used twice", [('id = "MARAC-04"', 'id = "MARAC-03"')], "the id MARAC-03 is used more than once"),
    ("a key nobody knows", [('id = "MARAC-03"', 'id = "MARAC-03"\nprioritty = 1')], "`prioritty` is not a key"),
    ("a section nobody knows", [("[param]", "[params]\nx = 1\n[param]")], "[params] is not a section"),
    (
        "a parameter outside its limits",
        [("dash24_ticks = { value = 14", "dash24_ticks = { value = 20")],
        "20 is outside its limits",
    ),
    (
        "an owner who is no role",
        [
            (
                'owner = "PVP_HUB"\nabout = "VICTIM_SAFETY"\ndue = "12',
                'owner = "NOBODY"\nabout = "VICTIM_SAFETY"\ndue = "12',
            )
        ],
        "'NOBODY', which is not one of",
    ),
    ("a due rule nobody can count", [('due = "12 hours from reporting"', 'due = "soon"')], "'soon' is not a due rule"),
    (
        "a duty that is owed again at once for ever",
        [('repeats_every = "7 days"', 'repeats_every = "0 days"')],
        "must be a length of time of at least one",
    ),
    (
        "a duty that is owed again nobody knows when",
        [('repeats_every = "7 days"', 'repeats_every = "weekly"')],
        "'weekly from report' is not a due rule",
    ),
    (
        "a duty set again after an unknown parameter",
        [('again_within = "joint_visit_again', 'again_within = "visit_again')],
        "'visit_again_working_days' in",
    ),
    ("a duty that the service looks for by its id", [('id = "D07"', 'id = "D07b"')], "the duty D07 is missing"),
    (
        "a duty about no need",
        [('about = "PERPETRATOR"\ndue = "7 days', 'about = "NEIGHBOUR"\ndue = "7 days')],
        "'NEIGHBOUR', which is not one of",
    ),
    ("a due rule with an unknown parameter", [('due = "12 hours', 'due = "twelve hours')], "'twelve' in"),
    (
        "a version without a zone",
        [("in_force = 2013-01-01T00:00:00+00:00", "in_force = 2013-01-01")],
        "must be a date and time with its zone",
    ),
    (
        "a question left out",
        [('youth = { label = "the perpetrator is a child" }\n', "")],
        "[outcome.youth] is missing",
    ),
    ("text that is not TOML", [("[policy]", "[policy")], "not valid TOML"),
    ("an empty duty", [('do = "Review the report within 12 hours"\n', "")], "`do` must be a text that is not empty"),
    (
        "a deciding fact nobody finds out",
        [
            (
                'ask = "Is the perpetrator in custody?", find_out = { owner = "PVP_HUB", within = "24 hours" }',
                'ask = "Is the perpetrator in custody?"',
            )
        ],
        "in_custody: may be unknown and nobody is asked to find it out",
    ),
    (
        "a fact without a silence",
        [('silence = "no", because = "a red flag', 'because = "a red flag')],
        "red_flag: `silence` must be a text that is not empty",
    ),
    (
        "a silence without a reason",
        [(', because = "a red flag is raised by somebody or not raised"', "")],
        "red_flag: `because` must be a text that is not empty",
    ),
    (
        "a choice of which silence means no",
        [('silence = "ask", because = "consent is', 'silence = "no", because = "consent is')],
        "consent: is a choice, whose silence cannot be read as no",
    ),
    (
        "a silence of an unknown kind",
        [('silence = "no", because = "a red flag', 'silence = "maybe", because = "a red flag')],
        "`silence` is 'maybe', which is not one of no, ours, ask",
    ),
    (
        "a value that stands meanwhile for an assertion",
        [('silence = "no", because = "a red flag', 'silence = "no", meanwhile = true, because = "a red flag')],
        "red_flag: `meanwhile` is for a fact that is asked for",
    ),
    (
        "a value meanwhile that the fact cannot have",
        [("meanwhile = false", 'meanwhile = "PERHAPS"')],
        "in_custody: `meanwhile` is 'PERHAPS', which the fact cannot be",
    ),
    (
        "an open outcome of which nobody is asked",
        [(', open = { owner = "PVP_HUB", within = "24 hours", end = "ASKED" }', "")],
        "marac: may be open and says not who is asked, until when, and what ends it",
    ),
    (
        "an end of a clock that is no end",
        [('end = "ASKED"', 'end = "FORGOTTEN"')],
        "`end` is 'FORGOTTEN', which is not one of ASKED, ESCALATED",
    ),
    (
        "a question that is never open and says who is asked while it is",
        [
            (
                'pdp = { label = "the PDP test is met" }',
                'pdp = { label = "x", open = { owner = "PVP_HUB", within = "24 hours", end = "ASKED" } }',
            )
        ],
        "pdp: is never open",
    ),
    (
        "not known of a fact that is always known",
        [('["grade is unknown"]', '["marac_stage is unknown"]')],
        "'marac_stage' in 'marac_stage is unknown' is always known, or its silence is read as a value",
    ),
    (
        "a comparison with something else than not known",
        [('["grade is unknown"]', '["grade is HIGH"]')],
        "after `is` in 'grade is HIGH' stands `unknown` and nothing else",
    ),
]
BROKEN = [
    (
        "a gap",
        [('id = "PERP-15"\nwhen = ["mappa_path in none open"', 'id = "PERP-15"\nwhen = ["mappa_path in none refer"')],
        "no row of perpetrator_lead applies: somebody would have no owner",
    ),
    (
        "an overlap",
        [('"mappa_path == lead_agency_keeps", "identified', '"mappa_path == lead_agency", "identified')],
        "two rows apply at once: PERP-09 and PERP-10",
    ),
    (
        "a forum that declined leading",
        [('"matac_path == met"]\nlead = "MATAC"', '"matac_path in met declined"]\nlead = "MATAC"')],
        "MATAC would lead though it may have declined",
    ),
    (
        "a forum that declined holding",
        [(HUB_16, HUB_16.replace('"HUB"', '"MATAC"'))],
        "MATAC would hold though it may have declined",
    ),
    (
        "MARAC holding the perpetrator",
        [(HUB_16, HUB_16.replace('"HUB"', '"MARAC"'))],
        "it may never lead or hold the perpetrator",
    ),
    (
        "a forum that declined supporting",
        [('"mappa_path in l2 l3", "matac_path == met"', '"mappa_path in l2 l3", "matac_path in met declined"')],
        "MATAC would support though it may have declined",
    ),
    (
        "a lead that supports itself",
        [('"iom_path in supports met", "perpetrator_lead != IOM"', '"iom_path in supports met"')],
        "IOM would support itself as the lead",
    ),
    (
        "level 2 led by the hub",
        [
            (
                '"mappa_path == l2", "identified == yes"]\nlead = "MAPPA_L2"',
                '"mappa_path == l2", "identified == yes"]\nlead = "HUB"',
            )
        ],
        "l2 must be led by MAPPA_L2, not by HUB",
    ),
    (
        "somebody whom nobody has identified given to MATAC",
        [('when = ["identified == no"]\nlead = "HUB"', 'when = ["identified == no"]\nlead = "MATAC"')],
        "while nobody is identified the hub must find out who it is, not MATAC",
    ),
    (
        "two MAPPA states",
        [
            (
                'then = "mappa l1_escalating"\nwhen = ["mappa_level == 1", "escalation',
                'then = "mappa l1_escalating"\nwhen = ["mappa_level in 1 2", "escalation',
            )
        ],
        "mappa is both l1_escalating and l2",
    ),
    (
        "a level nobody recognises",
        [
            (
                'then = "mappa l2"\nwhen = ["mappa_level == 2"]',
                'then = "mappa l2"\nwhen = ["mappa_level == 2", "in_custody == false"]',
            )
        ],
        "a person at level 2 is not treated as level 2",
    ),
    (
        "a rule that can never hold",
        [('"rfgv_score >= matac_score_line"', '"rfgv_score > 100"')],
        "MATAC-03 can never hold",
    ),
    (
        "a rule that decides nothing",
        [(HIGH, 'when = ["judged_high == true", "grade == HIGH", "grade_high_suffices == true"]')],
        "MARAC-03 decides no situation alone",
    ),
    (
        "more risk that protects less",
        [('"ticks >= dash24_ticks"', '"ticks <= dash24_ticks"')],
        "more ticks takes marac below yes",
    ),
    (
        "a forum asked on silence",
        [
            (
                'when = ["mappa_level == not_managed", "mappa_automatic == true"]',
                'when = ["mappa_level == not_managed", "mappa_automatic == true", "rosh_high == true"]',
            )
        ],
        "mappa is asked before mappa_level is known",
    ),
    (
        "a clock whose end asks nobody",
        [
            (
                'when = ["marac_unanswered == true", "abuse_reported == true"]',
                'when = ["marac_unanswered == true", "abuse_reported == true", "help_sought == true"]',
            )
        ],
        "marac is not asked although its clock has ended",
    ),
]


@pytest.mark.parametrize(("fault", "changes", "message"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_a_policy_with_this_fault_is_refused_when_it_is_read(
    fault: str, changes: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(PolicyErrors) as refused:
        load_policy(altered(*changes))

    assert any(message in each.message for each in refused.value.faults), fault


@pytest.mark.parametrize(("fault", "changes", "message"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_a_policy_with_this_hole_is_refused_by_the_proof(
    fault: str, changes: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(PolicyErrors) as refused:
        load_policy(altered(*changes))

    assert any(message in each.message for each in refused.value.faults), fault


def test_a_fault_names_the_file_and_the_line_it_is_on() -> None:
    broken = altered((HIGH, 'when = ["judgd_high == true"]'))
    line = 1 + broken.text.splitlines().index('when = ["judgd_high == true"]')

    with pytest.raises(PolicyErrors) as refused:
        load_policy(broken)

    assert refused.value.faults[0].place == f"altered.toml:{line}"


def test_every_fault_is_reported_and_not_only_the_first() -> None:
    broken = altered(
        (HIGH, 'when = ["judgd_high == true"]'),
        ('source = "DASH-27"', 'source = "DASH-99"'),
        ('then = "not matac"', 'then = "not matak"'),
    )

    with pytest.raises(PolicyErrors) as refused:
        load_policy(broken)

    text = str(refused.value)
    assert [word in text for word in ("judgd_high", "DASH-99", "not matak")] == [True, True, True]


def test_a_gap_is_shown_as_a_cell_that_becomes_a_test_of_the_mended_policy() -> None:
    broken = altered(
        ('id = "PERP-15"\nwhen = ["mappa_path in none open"', 'id = "PERP-15"\nwhen = ["mappa_path in none refer"')
    )

    with pytest.raises(PolicyErrors) as refused:
        load_policy(broken)

    gap = next(fault for fault in refused.value.faults if "no row" in fault.message)
    (cell,) = read_cells(gap.situation + '\nrow = "PERP-15"')
    assert list(failing_cells(read_policy(broken), (cell,))) == ["no row applies: expected PERP-15, got no row"]
    assert list(failing_cells(baseline(), (cell,))) == []


def test_a_conflict_is_shown_as_an_example_that_can_be_run() -> None:
    broken = altered(
        (
            'then = "mappa l1_escalating"\nwhen = ["mappa_level == 1", "escalation',
            'then = "mappa l1_escalating"\nwhen = ["mappa_level in 1 2", "escalation',
        )
    )

    with pytest.raises(PolicyErrors) as refused:
        load_policy(broken)

    conflict = next(fault for fault in refused.value.faults if "is both" in fault.message)
    (example,) = read_examples(conflict.situation)
    known = {name: value for name, value in example.given.items() if name in baseline().facts}
    assert decide(baseline(), facts(**known)).outcomes["mappa"] == "l2"


def test_the_baseline_is_proved_over_every_situation_its_rules_can_tell_apart() -> None:
    report = prove(read_policy(PolicyFile("national-baseline.toml", altered().text)))

    counted = {proved.what: proved.situations for proved in report.proved}
    assert report.faults == ()
    assert counted["perpetrator_lead"] == 316_800
    assert counted["victim_lead"] == 630
    assert counted["marac"] == 589_824


def test_a_whole_policy_is_read_and_proved_in_under_half_a_second() -> None:
    file = altered()
    started = process_time()

    load_policy(file)

    assert process_time() - started < 0.5

"""Every fault that the design names is refused with its file, its line and, where there is one, the situation."""

import re
from dataclasses import dataclass

import pytest

from app.routing.examples.policy_examples import read_examples
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.drafts import MAX_BYTES, load_draft
from app.routing.loading.loader import PolicyFile
from app.routing.policy.faults import PolicyErrors, PolicyFault
from tests.routing.given import altered, baseline, local

HIGH = 'when = ["judged_high == true"]'
PERP_15 = 'id = "PERP-15"\nwhen = ["mappa_path in none open"'
HUB_HOLDS = (
    'holder = "HUB"\naccept_within = "1 working days"\n'
    'says = "no perpetrator process is known to take the perpetrator: the need'
)


@dataclass(frozen=True)
class Bad:
    """A policy with one thing wrong: what is said of it, the words that its line holds, and a situation or none."""

    name: str
    file: PolicyFile
    message: str
    line: str
    situation: str = ""


def a_parameter(text: str) -> PolicyFile:
    return local(f"[param]\n{text}\n")


BAD = [
    Bad(
        "a gap",
        altered((PERP_15, PERP_15.replace("none open", "none refer"))),
        "no row of perpetrator_lead applies: somebody would have no owner",
        "[[perpetrator_lead]]",
        'pdp_path = "met"',
    ),
    Bad(
        "an overlap",
        altered(('"mappa_path == lead_agency_keeps", "identified', '"mappa_path == lead_agency", "identified')),
        "two rows apply at once: PERP-09 and PERP-10",
        'id = "PERP-10"',
        'mappa_path = "lead_agency"',
    ),
    Bad("a misspelt fact", altered((HIGH, 'when = ["judgd_high == true"]')), "'judgd_high' in", '"judgd_high == true"'),
    Bad(
        "a misspelt value",
        altered(('"grade == HIGH"]\nsays', '"grade == High"]\nsays')),
        "'High' in",
        '"grade == High"',
    ),
    Bad(
        "an owner who may have refused",
        altered((HUB_HOLDS, HUB_HOLDS.replace('"HUB"', '"MATAC"'))),
        "MATAC would hold though it may have declined",
        'id = "PERP-16"',
        'matac_path = "none"',
    ),
    Bad(
        "two MAPPA states at once",
        altered(
            (
                'then = "mappa l1_escalating"\nwhen = ["mappa_level == 1", "escalation',
                'then = "mappa l1_escalating"\nwhen = ["mappa_level in 1 2", "escalation',
            )
        ),
        "mappa is both l1_escalating and l2",
        'id = "MAPPA-05"',
        'mappa_level = "2"',
    ),
    Bad(
        "a locked rule that is changed",
        local(
            '[[rule]]\nid = "MARAC-03"\nthen = "marac"\nwhen = ["judged_high == true", "ticks >= 5"]\n'
            'says = "x"\nreason = "too many referrals"\nsource = "DESIGN"\n'
        ),
        "MARAC-03 is locked: no board may change or drop it",
        'id = "MARAC-03"',
    ),
    Bad(
        "a locked rule that is dropped",
        local('[[drop]]\nid = "MARAC-03"\nreason = "too many referrals"\nsource = "DESIGN"\n'),
        "MARAC-03 is locked: no board may change or drop it",
        'id = "MARAC-03"',
    ),
    Bad(
        "a parameter beyond its limit",
        a_parameter('dash24_ticks = { value = 21, reason = "too many", source = "DESIGN" }'),
        "21 is outside its limits",
        "dash24_ticks",
    ),
    Bad(
        "a departure without a reason",
        a_parameter('dash24_ticks = { value = 12, source = "DESIGN" }'),
        "[param.dash24_ticks] departs from the base without a reason",
        "dash24_ticks",
    ),
    Bad(
        "a departure without a source",
        a_parameter('dash24_ticks = { value = 12, reason = "earlier hearings" }'),
        "[param.dash24_ticks] departs from the base without a source",
        "dash24_ticks",
    ),
    Bad(
        "a rule without a source",
        altered(('says = "a professional judges the risk to be high"\nsource = "SL-CRITERIA"', 'says = "x"')),
        "`source` must be a text that is not empty",
        'id = "MARAC-03"',
    ),
    Bad(
        "a date that no calendar has",
        altered(("in_force = 2013-01-01T", "in_force = 2013-02-30T")),
        "not valid TOML: Invalid date or datetime",
        "",
    ),
    Bad(
        "a date that nobody lives to see",
        altered(("in_force = 2013-01-01T", "in_force = 9013-01-01T")),
        "`in_force` must lie between 1990 and 2200",
        "in_force = 9013",
    ),
    Bad(
        "a key nobody knows, spelt like words that stand higher up",
        altered(("dash24_ticks = { value = 14", "dash24_ticks = { other = 1, value = 14")),
        "dash24_ticks: `other` is not a key that is known here",
        "dash24_ticks = { other",
    ),
    Bad(
        "somebody who finds out nobody says when",
        altered(('find_out = { owner = "PVP_HUB", within = "12 hours" }', 'find_out = { owner = "PVP_HUB" }')),
        "grade.find_out: `within` must be a text that is not empty",
        "grade = {",
    ),
    Bad(
        "a title left out",
        altered(("title = ", "titel = ")),
        "policy: `title` must be a text that is not empty",
        "[policy]",
    ),
    Bad(
        "a fact without a silence",
        altered(('silence = "no", because = "a red flag', 'because = "a red flag')),
        "red_flag: `silence` must be a text that is not empty",
        "red_flag = {",
    ),
    Bad(
        "a silence without a reason",
        altered((', because = "a red flag is raised by somebody or not raised"', "")),
        "red_flag: `because` must be a text that is not empty",
        "red_flag = {",
    ),
    Bad(
        "an open outcome without a role",
        altered(('open = { owner = "PVP_HUB", within = "24 hours", end', 'open = { within = "24 hours", end')),
        "marac.open: `owner`",
        "marac = {",
    ),
    Bad(
        "an open outcome without a clock",
        altered(('owner = "PVP_HUB", within = "24 hours", end = "ASKED"', 'owner = "PVP_HUB", end = "ASKED"')),
        "marac.open: `within` must be a text that is not empty",
        "marac = {",
    ),
    Bad(
        "an open outcome without an end",
        altered(('within = "24 hours", end = "ASKED"', 'within = "24 hours"')),
        "marac.open: `end`",
        "marac = {",
    ),
    Bad(
        "an unknown operator",
        altered((HIGH, 'when = ["judged_high ~ true"]')),
        "is not `name operator value`",
        '"judged_high ~ true"',
    ),
    Bad(
        "a file that is too large",
        PolicyFile("altered.toml", policy_file(BASELINE).text + "# more\n" * (MAX_BYTES // 7)),
        "bytes; a policy may have 200,000",
        "",
    ),
]  # fmt: skip


def refused(bad: Bad) -> list[PolicyFault]:
    with pytest.raises(PolicyErrors) as caught:
        load_draft(bad.file, policy_file(BASELINE) if "extends" in bad.file.text else None)
    return [fault for fault in caught.value.faults if bad.message in fault.message]


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_policy_with_this_wrong_is_refused_for_that_very_reason(bad: Bad) -> None:
    assert refused(bad), bad.name


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_refusal_names_the_file_and_the_line_to_mend(bad: Bad) -> None:
    fault = refused(bad)[0]

    file, _, line = fault.place.partition(":")
    assert file == bad.file.name
    if bad.line:
        assert bad.line in bad.file.text.splitlines()[int(line) - 1]


def test_two_entries_with_the_same_wrong_are_each_refused_at_their_own_line() -> None:
    shipped = policy_file(BASELINE).text
    file = PolicyFile("altered.toml", shipped.replace('source = "SL-CRITERIA"', 'source = "SL-CRITERION"'))

    with pytest.raises(PolicyErrors) as caught:
        load_draft(file)

    places = [fault.place for fault in caught.value.faults if "there is no source 'SL-CRITERION'" in fault.message]
    wrong = [n for n, line in enumerate(file.text.splitlines(), start=1) if 'source = "SL-CRITERION"' in line]
    assert sorted(places) == sorted(f"altered.toml:{number}" for number in wrong)
    assert len(wrong) > 1


@pytest.mark.parametrize("bad", [bad for bad in BAD if bad.situation], ids=lambda bad: bad.name)
def test_refusal_shows_the_situation_that_breaks_the_policy(bad: Bad) -> None:
    fault = refused(bad)[0]

    assert bad.situation in fault.situation
    assert re.match(r"\[\[(example|cell)\]\]\nname = ", fault.situation)
    if fault.situation.startswith("[[example]]"):
        (example,) = read_examples(fault.situation)
        assert example.given.keys() & baseline().facts.keys()


def test_rules_that_tell_too_many_situations_apart_are_refused_before_they_are_tried() -> None:
    flags = [name for name, fact in baseline().facts.items() if fact.kind == "flag" and not fact.recorded]
    rules = "".join(
        f'[[rule]]\nid = "LOCAL-{name}"\nthen = "marac"\nwhen = ["{name} == true"]\nsays = "x"\n'
        f'reason = "to try it"\nsource = "DESIGN"\n'
        for name in flags
    )

    with pytest.raises(PolicyErrors) as caught:
        load_draft(local(rules), policy_file(BASELINE))

    (fault,) = caught.value.faults
    assert "the rules for marac distinguish" in fault.message
    assert fault.place.startswith("anytown.toml:")

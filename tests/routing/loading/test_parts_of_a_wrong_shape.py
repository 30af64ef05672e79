"""A part of a policy that is written in a shape nobody reads is refused with its line, and never lost or raised.

`[drop]` for `[[drop]]` once printed "proved" and dropped nothing; a number for a table once ended in a traceback.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.drafts import load_draft
from app.routing.loading.loader import PolicyFile, read_policy
from app.routing.policy.faults import PolicyErrors, PolicyFault
from tests.routing.given import altered, local
from tests.routing.loading.overlays import WHY, a_rule, line_of, refused, without

RULE = f'id = "LOCAL-01"\nthen = "marac"\nwhen = ["red_flag == true"]\nsays = "so here"\n{WHY}\n'
DUTY = (
    'id = "LOCAL-02"\ndo = "Do it"\nowner = "PVP_HUB"\ndue = "{due}"\nwhen = ["grade == HIGH"]\n'
    f'done_when = "it is done"\nsays = "so here"\n{WHY}\n'
)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (f"[rule]\n{RULE}", "[rule]", "write [[rule]], in double brackets"),
        (f'[drop]\nid = "D04"\n{WHY}\n', "[drop]", "write [[drop]], in double brackets"),
        (f"[duty]\n{DUTY.format(due='at once')}", "[duty]", "write [[duty]], in double brackets"),
        (f"[rule.LOCAL-01]\n{RULE}", "[rule.LOCAL-01]", "write [[rule]], in double brackets"),
        (f'[warning]\nid = "W"\n{WHY}\n', "[warning]", "write [[warning]], in double brackets"),
        (f'[support]\nid = "S"\n{WHY}\n', "[support]", "write [[support]], in double brackets"),
        (f'[victim_lead]\nid = "V"\n{WHY}\n', "[victim_lead]", "write [[victim_lead]], in double brackets"),
        ("[param]\nescalation_incidents = 4\n", "escalation_incidents = 4", "must be a table"),
        ("[param]\nescalation_incidents = [4]\n", "escalation_incidents = [4]", "must be a table"),
        ('[source]\nOURS = "a minute"\n', 'OURS = "a minute"', "must be a table"),
        ("[[param]]\nvalue = 3\n", "[[param]]", "`param` must be a table of tables"),
        (f'[[drop]]\nid = ["D04"]\n{WHY}\n', "[[drop]]", "[[drop]] needs an `id` that is a text"),
        (f"[[drop]]\n{WHY}\n", "[[drop]]", "[[drop]] needs an `id` that is a text"),
        (f"[[rule]]\n{RULE}\n[[rule]]\nid = 3\n{WHY}\n", "[[rule]]", "[[rule]] needs an `id` that is a text"),
        (f'[[drop]]\nid = "D04"\nwhen = ["red_flag == true"]\n{WHY}\n', 'id = "D04"', "holds `when`, which nobody"),
        (f'[[drop]]\nid = "LOCAL-01"\n{WHY}\n[[rule]]\n{RULE}', 'id = "LOCAL-01"', "is written here and dropped here"),
        (
            f'[[support]]\nid = "S"\nforum = ""\nrole = "IDVA"\nwhen = []\nsays = "x"\n{WHY}\n',
            'id = "S"',
            "`forum` must be a text",
        ),
        (f"[[duty]]\nlocked = 1\n{DUTY.format(due='at once')}", 'id = "LOCAL-02"', "`locked` must be true or false"),
        (
            '[param]\nescalation_incidents = { value = true, reason = "x", source = "DESIGN" }\n',
            "escalation_incidents = {",
            "and the base's is 3: another kind",
        ),
    ],
)
def test_a_part_that_nobody_would_read_is_refused_at_its_line(body: str, line: str, message: str) -> None:
    file = local(body)

    assert line_of(refused(file, message), file).startswith(line.partition(" = ")[0])


@pytest.mark.parametrize(("first", "message"), [("rule = 3", "double brackets"), ("rule = [1, 2]", "is not a table")])
def test_a_number_where_parts_stand_is_refused_at_its_line(first: str, message: str) -> None:
    file = PolicyFile("anytown.toml", first + local("").text)

    assert line_of(refused(file, message), file) == first


@pytest.mark.parametrize("section", ["rule", "duty", "drop"])
def test_of_two_parts_with_one_id_neither_is_lost(section: str) -> None:
    parts = {"rule": RULE, "duty": DUTY.format(due="at once"), "drop": f'id = "MARAC-08"\n{WHY}\n'}
    file = local(f"[[{section}]]\n{parts[section]}\n[[{section}]]\n{parts[section]}")

    fault = refused(file, "is used more than once")

    assert fault.place == f"anytown.toml:{file.text.splitlines().index(f'[[{section}]]', 12) + 1}"


@pytest.mark.parametrize(
    ("due", "message"),
    [
        ("999999999999 months from decision", "it may count 0 to 120, which is ten years"),
        ("121 months from decision", "it may count 0 to 120"),
        ("87601 hours from decision", "it may count 0 to 87,600"),
        ("3651 days before next_hearing", "it may count 0 to 3,650"),
        ("2601 working days from decision", "it may count 0 to 2,600"),
        ("521 weeks from decision", "it may count 0 to 520"),
        ("24 hours from whenever", "'whenever' in '24 hours from whenever' is not an event that a time runs from"),
        ("before doomsday", "is not an event that a time runs from"),
        ("9" * 5000 + " hours from decision", "Exceeds the limit"),
    ],
)
def test_a_time_that_no_calendar_counts_is_refused_before_it_reaches_a_referral(due: str, message: str) -> None:
    file = local(f"[[duty]]\n{DUTY.format(due=due)}")

    assert line_of(refused(file, message), file) in {'id = "LOCAL-02"', f'due = "{due}"'}


def test_a_lead_has_at_most_ten_years_to_answer() -> None:
    file = altered(('accept_within = "1 working days"', 'accept_within = "4000 days"'))

    assert "4000" in refused(file, "it may count 0 to 3,650").message


def test_a_window_that_no_calendar_counts_is_refused() -> None:
    text = policy_file(BASELINE).text
    wide = text.replace(
        "repeat_months = { value = 12, min = 6, max = 24", "repeat_months = { value = 12, min = 6, max = 999"
    )

    assert refused(PolicyFile("altered.toml", wide), "months lie between 0 and 120").place.startswith("altered.toml:")


@pytest.mark.parametrize("text", ["x = " + "1" * 5000, "x = " + "[" * 5000 + "]" * 5000])
def test_toml_that_ends_the_parser_is_refused(text: str) -> None:
    with pytest.raises(PolicyErrors, match="not valid TOML"):
        read_policy(PolicyFile("anytown.toml", text), policy_file(BASELINE))


def test_a_required_duty_that_is_dropped_is_refused_at_the_line_that_drops_it() -> None:
    file = without("D34", "D07")

    assert line_of(refused(file, "the duty D07 is missing"), file) == 'id = "D07"'


@pytest.mark.parametrize(("section", "name"), [("param", "child_victim_age"), ("fact", "perpetrator_known")])
def test_a_whole_policy_without_what_the_proof_reads_is_refused(section: str, name: str) -> None:
    file = altered((f"\n{name} = {{", f"\nanother_{name} = {{"))

    assert line_of(refused(file, f"lacks {name}"), file) == f"[{section}]"


ASKED = 'within = "12 hours" }, silence = "ask", because = "a report that nobody graded'
LEVELS = 'values = ["not_managed", "1", "2", "3"]'


@pytest.mark.parametrize(
    ("name", "was", "now", "message"),
    [
        (
            "grade",
            ASKED,
            ASKED.replace('"ask",', '"ask", meanwhile = "STANDARD",'),
            "nothing may stand for a grade that nobody gave",
        ),
        ("grade", ASKED, ASKED.replace('"ask"', '"ours"'), "nothing may stand for a grade that nobody gave"),
        ("grade", 'values = ["STANDARD", "MEDIUM", "HIGH"]', 'values = ["LOW", "HIGH"]', "the values of grade must be"),
        ("mappa_level", LEVELS, 'values = ["not_managed", "1"]', "the values of mappa_level must be"),
        ("red_flag", 'red_flag = { type = "flag"', 'red_flag = { type = "number", max = 3', "red_flag must be a flag"),
    ],
)
def test_a_whole_policy_whose_facts_the_proof_cannot_read_is_refused_at_the_fact(
    name: str, was: str, now: str, message: str
) -> None:
    file = altered((was, now))

    faults = _faults_of(file)

    fault = next(fault for fault in faults if message in fault.message)
    assert line_of(fault, file).startswith(f"{name} = {{")


def _faults_of(file: PolicyFile) -> tuple[PolicyFault, ...]:
    with pytest.raises(PolicyErrors) as caught:
        load_draft(file)
    return caught.value.faults


# ---------------------------------------------------------------- every key, with every wrong type

GOOD: Mapping[str, Any] = {
    "policy": {
        "id": "anytown",
        "version": "1.0.0",
        "title": "Anytown",
        "applies_to": "new and reopened referrals",
        "extends": "national-baseline 2.0.0",
    },
    "source": {"OURS": {"title": "a minute", "tag": "V", "paragraph": "7", "says": "so", "url": "https://a.example"}},
    "param": {"dash24_ticks": {"value": 12, "reason": "earlier", "source": "OURS"}},
    "drop": [{"id": "MARAC-08", "reason": "no panel", "source": "OURS"}],
    "rule": [
        {
            "id": "LOCAL-01",
            "then": "matac",
            "when": ["red_flag == true"],
            "says": "so here",
            "cover": False,
            "locked": False,
            "reason": "x",
            "source": "OURS",
        }
    ],
    "support": [
        {
            "id": "LOCAL-03",
            "forum": "IOM",
            "role": "IDVA",
            "when": ["iom_path == supports"],
            "says": "so here",
            "reason": "x",
            "source": "OURS",
        }
    ],
    "duty": [
        {
            "id": "LOCAL-02",
            "do": "Do it",
            "owner": "PVP_HUB",
            "with": ["IDVA"],
            "recipient": "IDVA",
            "about": "PERPETRATOR",
            "about_both": True,
            "due": "same day",
            "life_safety": True,
            "screens": False,
            "locked": False,
            "when": ["red_flag == true"],
            "or_when": [["grade == HIGH"]],
            "repeats_every": "7 days",
            "again_within": "2 days",
            "done_when": "it is done",
            "says": "so here",
            "reason": "x",
            "source": "OURS",
        }
    ],
    "warning": [{"id": "LOCAL-04", "when": ["red_flag == true"], "says": "so here", "reason": "x", "source": "OURS"}],
    "victim_lead": [
        {
            "id": "VICTIM-99",
            "when": ["child_path == met"],
            "lead": "MARAC",
            "role": "MARAC_COORDINATOR",
            "holder": "HUB",
            "accept_within": "2 days",
            "says": "so here",
            "reason": "x",
            "source": "OURS",
        }
    ],
}
WRONG = st.sampled_from([0, 3, -1, 10**30, 1.5, True, False, "", [], [1, 2], [[]], [["x", 1]], {}, {"id": 3}, [{}]])


def paths(held: object, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the policy that holds something."""
    if above:
        yield above
    if isinstance(held, dict):
        for key, value in held.items():
            yield from paths(value, (*above, key))
    elif isinstance(held, list):
        for number, value in enumerate(held):
            yield from paths(value, (*above, number))


def toml(value: object) -> str:
    """The value as TOML, in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def written(policy: Mapping[str, Any]) -> PolicyFile:
    """The policy as a board writes it: a header for each part, and a line for each key."""
    lines = []
    for section, held in policy.items():
        if isinstance(held, list) and held and all(isinstance(part, dict) and part for part in held):
            lines += [line for part in held for line in (f"[[{section}]]", *_keys(part))]
        elif isinstance(held, dict):
            when = ["in_force = 2026-10-01T00:00:00+01:00"] if section == "policy" else []
            lines += [f"[{section}]", *_keys(held), *when]
        else:
            lines.insert(0, f"{section} = {toml(held)}")
    return PolicyFile("anytown.toml", "\n".join(lines) + "\n")


def _keys(part: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {toml(value)}" for key, value in part.items()]


def faults_of(file: PolicyFile) -> tuple[PolicyFault, ...]:
    try:
        read_policy(file, policy_file(BASELINE))
    except PolicyErrors as refused_with:
        return refused_with.faults
    return ()


def test_the_policy_that_is_spoilt_below_is_read_as_it_stands() -> None:
    assert [str(fault) for fault in faults_of(written(GOOD))] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*paths(GOOD)]), WRONG)
def test_a_wrong_type_under_any_key_is_refused_with_its_line(path: tuple[Any, ...], wrong: object) -> None:
    spoilt = deepcopy(dict(GOOD))
    held: Any = spoilt
    for step in path[:-1]:
        held = held[step]
    same_kind = type(held[path[-1]]) is type(wrong)
    held[path[-1]] = wrong

    faults = faults_of(written(spoilt))

    assert faults or same_kind, f"{path} = {wrong!r} is read"
    assert ":" in (faults[0].place if faults else ":"), [str(fault) for fault in faults]


def test_a_draft_of_a_wrong_shape_is_refused_as_a_file_is() -> None:
    with pytest.raises(PolicyErrors, match="must be a table"):
        load_draft(local("[param]\nescalation_incidents = 4\n"), policy_file(BASELINE))


def test_a_whole_list_in_one_line_is_read_as_its_parts_are() -> None:
    rule = "rule = [{ " + ", ".join(RULE.strip().splitlines()) + " }]\n"
    one_line = PolicyFile("anytown.toml", rule + local("").text)

    assert faults_of(one_line) == faults_of(a_rule("marac", "red_flag == true")) == ()

"""What protects waits for nobody, and no local policy takes it away: each such duty stays, as wide and as soon.

The list is that of decision 7: see the victim alone, safe contact, the interim plan, the IDVA at HIGH, the arrest,
firearms, and whatever else is marked as life safety; and the agreement without which held contact never happens.
"""

from collections.abc import Mapping

import pytest

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import read_examples
from app.routing.loading.loader import PolicyFile
from app.routing.policy.types import DutyTemplate
from app.routing.record.decision import Duty
from tests.routing.given import baseline, facts, local, shipped
from tests.routing.loading.overlays import WHY, laid_over, line_of, listed, refused, without

PROTECTING = ["D02", "D03", "D06.agree", "D08", "D09", "D33", "D33.alarm", "D36", "E12", "E13", "V02"]
REQUIRED_BY_ID = {"D03", "D06.agree", "D33", "D33.alarm", "D36"}
SEEN = '[["victim_not_seen == true"], ["seen_alone is unknown", "a_party_not_seen == true"]'
AT_RISK = '["seen_alone is unknown", "grade == HIGH"], ["seen_alone is unknown", "red_flag == true"]]'
D33: Mapping[str, str] = {
    "kind": '"act"',
    "once_for": '"victim"',
    "owner": '"RESPONSE_SUPERVISOR"',
    "about": '"VICTIM_SAFETY"',
    "do": '"See the victim, alone"',
    "due": '"8 hours from decision"',
    "life_safety": "true",
    "reaches_victim": "true",
    "when": '["seen_alone == false"]',
    "or_when": f"{SEEN}, {AT_RISK}",
    "done_when": '"the victim was seen alone, by whom and when"',
    "says": '"the victim is not known to have been seen alone"',
}


def see_alone(**changed: str) -> PolicyFile:
    """An area's own form of D33; an empty text leaves the key out."""
    keys = {**D33, **changed}
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items() if value)
    return local(f'[[duty]]\nid = "D33"\n{lines}\n{WHY}\n')


def test_what_protects_is_what_the_decision_lists() -> None:
    assert sorted(duty.id for duty in baseline().duties if duty.protects) == sorted(PROTECTING)


@pytest.mark.parametrize("duty", PROTECTING)
def test_a_duty_that_protects_is_not_dropped(duty: str) -> None:
    file = without("D34", duty)

    fault = refused(file, "is missing" if duty in REQUIRED_BY_ID else f"{duty} protects: no local policy may drop it")

    assert line_of(fault, file) == f'id = "{duty}"'
    assert duty in REQUIRED_BY_ID or read_examples(fault.situation)


@pytest.mark.parametrize(
    ("changed", "unprotected"),
    [
        ({"when": '["judged_high == true", "seen_alone == false"]'}, "seen_alone = false"),
        ({"or_when": ""}, "victim_not_seen = true"),
        ({"or_when": AT_RISK.replace('["seen', '[["seen', 1)}, "victim_not_seen = true"),
        ({"or_when": f'{SEEN}, ["seen_alone is unknown", "grade == HIGH"]]'}, "red_flag = true"),
        ({"or_when": f'{SEEN}, ["seen_alone is unknown", "red_flag == true"]]'}, 'grade = "HIGH"'),
        ({"when": '["seen_alone == true"]'}, "seen_alone = false"),
    ],
)
def test_a_duty_that_protects_is_not_owed_in_fewer_situations(changed: dict[str, str], unprotected: str) -> None:
    file = see_alone(**changed)

    fault = refused(file, "D33 protects: no local policy may owe it in fewer situations")

    assert line_of(fault, file) == 'id = "D33"'
    assert unprotected in fault.situation
    assert read_examples(fault.situation)


@pytest.mark.parametrize(
    "due",
    [
        "9 hours from decision",
        "36 months from decision",
        "1 days from decision",
        "1 working days from decision",
        "same day",
        "8 hours from last_hearing",
        "before next_hearing",
        "before closure",
    ],
)
def test_a_duty_that_protects_is_not_owed_later(due: str) -> None:
    file = see_alone(due=f'"{due}"')

    fault = refused(file, "D33 protects: no local policy may owe it later")

    assert line_of(fault, file) == 'id = "D33"'
    assert fault.situation.startswith("[[example]]")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"life_safety": ""}, "it stays marked `life_safety`"),
        ({"kind": '"enquiry"', "screens": "true"}, "it stays an action"),
        ({"kind": '"step"'}, "it stays an action"),
        ({"kind": '"guard"'}, "it stays an action"),
        ({"once_for": '"report"'}, "it is owed once for the victim"),
        ({"about": '"PERPETRATOR"'}, "it ends with the need that it is about"),
        ({"about_both": "true"}, "it ends with the need that it is about"),
    ],
)
def test_a_duty_that_protects_is_not_made_another_kind_of_thing(changed: dict[str, str], message: str) -> None:
    file = see_alone(**changed)

    assert line_of(refused(file, f"D33 protects: {message}"), file) == 'id = "D33"'


def owed(file: PolicyFile, **known: object) -> Duty | None:
    decision = decide(laid_over(file), facts(**known))  # type: ignore[arg-type]
    return next((duty for duty in decision.duties if duty.id == "D33"), None)


@pytest.mark.parametrize("due", ["at once", "2 hours from decision"])
def test_an_area_may_protect_sooner(due: str) -> None:
    assert owed(see_alone(due=f'"{due}"'), seen_alone=False)


def test_an_area_may_protect_more_people_by_other_hands_and_in_other_words() -> None:
    wider = f'{SEEN}, {AT_RISK[:-1]}, ["seen_alone is unknown", "grade == MEDIUM"]]'

    duty = owed(see_alone(or_when=wider, owner='"POLICE_SUPERVISOR"'), seen_alone=None, grade="MEDIUM")

    assert duty is not None
    assert duty.owner == "POLICE_SUPERVISOR"


def test_situations_that_are_put_together_in_another_way_are_as_wide() -> None:
    """One way more, which lies inside another, takes nothing away."""
    ways = f'{SEEN}, {AT_RISK[:-1]}, ["seen_alone == false", "grade == HIGH"]]'

    assert owed(see_alone(or_when=ways), seen_alone=False)


@pytest.mark.parametrize(
    ("was", "now", "sooner"),
    [
        ("24 hours from decision", "same day", True),
        ("same day", "24 hours from decision", False),
        ("same day", "at once", True),
        ("at once", "1 hours from decision", False),
    ],
)
def test_times_of_two_units_are_compared_at_their_worst(was: str, now: str, sooner: bool) -> None:
    duty = next(duty for duty in baseline().duties if duty.id in PROTECTING and _written(duty) == was)
    file = _with_due(duty, now)

    if sooner:
        assert laid_over(file).departures
    else:
        assert refused(file, f"{duty.id} protects: no local policy may owe it later")


def _written(duty: DutyTemplate) -> str:
    return f"{duty.due.amount} {duty.due.unit} from decision" if duty.due.amount else str(duty.due.unit)


def _with_due(duty: DutyTemplate, due: str) -> PolicyFile:
    ways = [tuple(_line(one) for one in group) for group in duty.when_any]
    others = ", ".join(f"[{listed(group)}]" for group in ways[1:])
    return local(
        f'[[duty]]\nid = "{duty.id}"\nkind = "{duty.kind}"\nonce_for = "{duty.once_for}"\n'
        f'do = "Do it"\nowner = "{duty.owner}"\ndue = "{due}"\n'
        f"life_safety = {str(duty.life_safety).lower()}\nwhen = [{listed(ways[0])}]\nor_when = [{others}]\n"
        + (f'about = "{duty.about}"\n' if duty.about else "")
        + f'done_when = "it is done"\nsays = "so here"\n{WHY}\n'
    )


def _line(condition: object) -> str:
    left, operator, right = (getattr(condition, name) for name in ("left", "operator", "right"))
    return f"{left} {operator} {' '.join(str(one).lower() if isinstance(one, bool) else str(one) for one in right)}"


@pytest.mark.parametrize("name", ["cleveland-2018", "cleveland-current", "northumbria", "feeder-drive"])
def test_every_shipped_area_protects_as_the_baseline_does(name: str) -> None:
    own = {duty.id: duty for duty in shipped(name).duties}

    assert [duty.id for duty in baseline().duties if duty.protects and duty.id not in own] == []


DANGER = '[["grade == HIGH"], ["red_flag == true"], ["marac == yes"]]'


def plan(**changed: str) -> PolicyFile:
    """An area's own form of the interim plan, which the baseline owes as a danger in some situations only."""
    keys = {
        **D33,
        "do": '"Make an interim safety plan"',
        "due": '"24 hours from decision"',
        "life_safety_when": DANGER,
        "when": '["grade in MEDIUM HIGH"]',
        "or_when": '[["marac in yes open"]]',
        **changed,
    }
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items() if value)
    return local(f'[[duty]]\nid = "D08"\n{lines}\n{WHY}\n')


@pytest.mark.parametrize(
    ("changed", "lost"),
    [
        ({"life_safety_when": '[["grade == HIGH"], ["red_flag == true"]]'}, "marac"),
        ({"life_safety_when": '[["grade == HIGH"], ["marac == yes"]]'}, "red_flag = true"),
        ({"life_safety_when": '[["red_flag == true"], ["marac == yes"]]'}, 'grade = "HIGH"'),
        ({"life_safety_when": DANGER.replace('["grade == HIGH"]', '["grade == HIGH", "judged_high == true"]')}, "HIGH"),
    ],
)
def test_a_duty_is_not_a_danger_in_fewer_situations(changed: dict[str, str], lost: str) -> None:
    file = plan(**changed)

    fault = refused(file, "D08 protects: no local policy may mark it `life_safety` in fewer situations")

    assert line_of(fault, file) == 'id = "D08"'
    assert lost in fault.situation
    assert read_examples(fault.situation)


def test_a_duty_that_is_always_a_danger_is_not_made_one_in_some_situations() -> None:
    refused(see_alone(life_safety_when=DANGER), "D33 protects: no local policy may mark it `life_safety` in fewer")


@pytest.mark.parametrize(
    "wider",
    ["", f'{DANGER[:-1]}, ["marac == open"]]', '[["grade in MEDIUM HIGH"], ["red_flag == true"], ["marac == yes"]]'],
)
def test_an_area_may_make_a_danger_of_more_situations(wider: str) -> None:
    assert laid_over(plan(life_safety_when=wider)).departures


def test_group_that_lies_inside_another_takes_nothing_away() -> None:
    assert laid_over(plan(life_safety_when=f'{DANGER[:-1]}, ["grade == HIGH", "red_flag == true"]]')).departures


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"life_safety": ""}, "`life_safety_when` is of a duty marked `life_safety = true`"),
        ({"life_safety_when": "[]"}, "`life_safety_when` must hold groups of conditions"),
        ({"life_safety_when": "[[]]"}, "`life_safety_when` must hold groups of conditions"),
        ({"life_safety_when": '[["grade == HUGE"]]'}, "HUGE"),
        ({"life_safety_when": '[["nothing == true"]]'}, "nothing"),
    ],
)
def test_where_a_duty_is_a_danger_is_read_as_strictly_as_where_it_is_owed(
    changed: dict[str, str], message: str
) -> None:
    file = plan(**changed)

    assert "life_safety_when" in line_of(refused(file, message), file)

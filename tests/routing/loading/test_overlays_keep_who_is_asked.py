"""No local policy takes a victim from MARAC or a child from social care, or lets a request to lead wait for years.

Nor does one leave out the warning of a sign of danger. What it may choose stays its choice.
"""

import tomllib

import pytest

from app.routing.examples.policy_examples import read_examples
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import PolicyFile
from app.routing.proof.counterexamples import toml_value
from app.routing.proof.protection_proof import warns_of_danger
from tests.routing.given import baseline, local
from tests.routing.loading.overlays import WHY, a_rule, laid_over, line_of, listed, refused, without


def rewritten(section: str, part: str, **changed: object) -> PolicyFile:
    """An area's own form of a part of the baseline."""
    raw = tomllib.loads(policy_file(BASELINE).text)
    was = next(each for each in raw[section] if each["id"] == part)
    keys = {name: value for name, value in {**was, **changed}.items() if name != "source"}
    lines = (f"{name} = {_toml(value)}" for name, value in keys.items())
    return local(f"[[{section}]]\n" + "\n".join(lines) + f"\n{WHY}\n")


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{listed(tuple(value))}]"
    assert isinstance(value, (bool, int, str))
    return toml_value(value)


@pytest.mark.parametrize(
    ("then", "condition"),
    [
        ("not marac", "perpetrator_oldest < 18"),
        ("not matac", "victim_oldest < 18"),
        ("not pdp", "victim_oldest < 18"),
    ],
)
def test_a_forum_leaves_a_case_out_only_by_the_age_of_the_person_whom_it_takes(then: str, condition: str) -> None:
    file = a_rule(then, condition)

    fault = refused(file, f"excludes by {condition.split(maxsplit=1)[0]}: only the age of a child keeps a case out")

    assert line_of(fault, file) == 'id = "LOCAL-01"'
    assert read_examples(fault.situation)


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("child_victim", "victim_youngest < 5"),
        ("custody", "perpetrator_oldest < 18"),
        ("review", "perpetrator_oldest < 18"),
        ("stands_aside", "victim_oldest < 18"),
        ("matac_barred", "perpetrator_oldest < 18"),
    ],
)
def test_what_is_so_is_excluded_by_nothing(question: str, condition: str) -> None:
    file = a_rule(f"not {question}", condition)

    fault = refused(file, f"excludes {question}: nothing may exclude it")

    assert line_of(fault, file) == 'id = "LOCAL-01"'
    assert read_examples(fault.situation)


@pytest.mark.parametrize("condition", ["perpetrator_youngest < 14", "victim_oldest < 18"])
def test_a_question_with_more_answers_than_yes_and_no_has_no_answer_that_excludes(condition: str) -> None:
    file = a_rule("not youth", condition)

    assert line_of(refused(file, "which is no answer to a question"), file) == 'then = "not youth"'


def test_an_area_may_keep_children_from_a_forum_for_perpetrators() -> None:
    assert laid_over(a_rule("not pdp", "perpetrator_oldest < 17")).departures


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (["mappa in l2 l3"], "though not marac_hears_when_mappa_l23 == False"),
        (["mappa in l2 l3", "victim_voice_at_mappa == true"], "though not marac_hears_when_mappa_l23 == False"),
        (["mappa in l2 l3", "marac_hears_when_mappa_l23 == false"], "though not victim_voice_at_mappa == True"),
        (["marac_hears_when_mappa_l23 == false", "victim_voice_at_mappa == true"], "though not mappa in l2 l3"),
    ],
)
def test_marac_stands_aside_only_where_the_area_chose_so_and_the_victim_has_a_voice(
    conditions: list[str], message: str
) -> None:
    file = rewritten("rule", "ASIDE-01", when=conditions)

    assert line_of(refused(file, message), file) == 'id = "ASIDE-01"'


@pytest.mark.parametrize(
    ("lead", "role"), [("REFERRING_AGENCY", "REFERRER"), ("HUB", "PVP_HUB"), ("MARAC", "MARAC_COORDINATOR")]
)
def test_a_child_is_led_by_childrens_social_care_until_it_declines(lead: str, role: str) -> None:
    file = rewritten("victim_lead", "VICTIM-01", lead=lead, role=role)

    fault = refused(file, f"children's social care must be asked for a child, not {lead}")

    assert line_of(fault, file) == 'id = "VICTIM-01"'
    assert 'child_path = "met"' in fault.situation


@pytest.mark.parametrize(
    ("section", "row", "within"),
    [
        ("victim_lead", "VICTIM-02", "120 months"),
        ("victim_lead", "VICTIM-02", "11 working days"),
        ("victim_lead", "VICTIM-13", "15 days"),
        ("perpetrator_lead", "PERP-11", "3 weeks"),
        ("perpetrator_lead", "PERP-20", "2600 working days"),
    ],
)
def test_a_request_to_lead_does_not_wait_longer_than_two_weeks(section: str, row: str, within: str) -> None:
    file = rewritten(section, row, accept_within=within)

    fault = refused(file, f"{row} lets")

    assert line_of(fault, file) == f'id = "{row}"'
    assert fault.situation.startswith("[[cell]]")


@pytest.mark.parametrize("within", ["10 working days", "2 weeks", "14 days", "screening_working_days working days"])
def test_an_area_may_give_a_forum_two_weeks_to_answer(within: str) -> None:
    assert laid_over(rewritten("victim_lead", "VICTIM-02", accept_within=within)).departures


WARNS = ["WARN-01", "WARN-02", "WARN-03", "WARN-15", "WARN-15u", "WARN-17d"]


def test_what_warns_of_danger_is_what_reads_a_sign_of_danger() -> None:
    assert [warning.id for warning in baseline().warnings if warns_of_danger(warning)] == WARNS


@pytest.mark.parametrize("warning", WARNS)
def test_the_warning_of_a_sign_of_danger_is_not_dropped(warning: str) -> None:
    file = without(warning)

    fault = refused(file, f"{warning} protects: no local policy may drop it")

    assert line_of(fault, file) == f'id = "{warning}"'
    assert read_examples(fault.situation)


@pytest.mark.parametrize(
    "conditions",
    [
        ["red_flag == true", "marac == no"],
        ["red_flag == true", "marac in no open", "judged_high == true"],
        ["red_flag == false", "marac in no open"],
    ],
)
def test_the_warning_of_a_sign_of_danger_is_not_said_in_fewer_situations(conditions: list[str]) -> None:
    file = rewritten("warning", "WARN-03", when=conditions)

    fault = refused(file, "WARN-03 protects: no local policy may say it in fewer situations, and here it is not said")

    assert line_of(fault, file) == 'id = "WARN-03"'
    assert "red_flag = true" in fault.situation


def test_an_area_may_warn_of_danger_in_its_own_words_and_more_often() -> None:
    file = rewritten("warning", "WARN-03", when=["red_flag == true"], says="a red flag is present")

    assert laid_over(file).departures


def test_an_area_may_drop_a_warning_that_reads_no_sign_of_danger() -> None:
    assert laid_over(without("WARN-07")).departures

"""A local policy asks no forum because nobody spoke, and answers nothing about a person that is not so.

An adult at high risk was once sent past MARAC by such a rule: "children's social care is asked, the victim is a child".
"""

import pytest

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import read_examples
from app.routing.policy.types import Fact
from app.vocabulary import Forum
from tests.routing.given import altered, facts, local
from tests.routing.loading.overlays import WHY, a_rule, laid_over, line_of, refused, without

UNANSWERED = "marac_unanswered == true"
LEFT_OPEN = "unanswered_questions >= 1"
BY_CLOCK = 'when = ["marac_unanswered == true", "abuse_reported == true"]'


@pytest.mark.parametrize(
    ("then", "conditions", "rests_on"),
    [
        ("matac", (UNANSWERED,), "marac_unanswered"),
        ("matac", (LEFT_OPEN,), "unanswered_questions"),
        ("matac", ("unanswered > 3",), "unanswered"),
        ("mappa referable", ("mappa_level == not_managed", UNANSWERED), "marac_unanswered"),
        ("mappa referable", ("mappa_level == not_managed", LEFT_OPEN), "unanswered_questions"),
        ("pdp", (UNANSWERED,), "marac_unanswered"),
        ("iom supports", ("iom_registered == false", UNANSWERED), "marac_unanswered"),
        ("dapp supports", ("marac == no", "matac == yes", LEFT_OPEN), "unanswered_questions"),
        ("custody", ("in_custody == true", UNANSWERED), ""),
        ("marac", (LEFT_OPEN,), "unanswered_questions"),
        ("marac", ("unanswered >= 1",), "unanswered"),
        ("marac", ("unanswered != 0", "red_flag == true"), "unanswered"),
        ("marac", ("safe_contact_recorded == false",), "safe_contact_recorded"),
        ("matac", ("perpetrator_oldest >= 18",), "perpetrator_oldest"),
        ("matac", ("in_custody == false",), "in_custody"),
        ("matac", ("antisocial_behaviour == false",), "antisocial_behaviour"),
        ("pdp", ("victim_not_seen == false", "serious_harm_likely == true"), "victim_not_seen"),
    ],
)
def test_no_forum_is_asked_because_nobody_spoke(then: str, conditions: tuple[str, ...], rests_on: str) -> None:
    """What counts silence is silence, and so is the value that stands for it (L3)."""
    file = a_rule(then, *conditions)

    fault = refused(file, f"by silence: it rests on {rests_on}" if rests_on else "decides no situation alone")

    if rests_on:
        assert line_of(fault, file) in {'id = "LOCAL-01"', f'then = "{then}"'}
        (example,) = read_examples(fault.situation)
        assert rests_on in example.given


def test_the_clock_asks_marac_only_of_a_report_of_abuse() -> None:
    """Without one, the end of the clock is the hub's inspector."""
    broken = altered((BY_CLOCK, 'when = ["marac_unanswered == true"]'))

    assert refused(broken, "marac is yes by silence: it rests on marac_unanswered").situation


def test_a_ground_that_somebody_stated_may_ask_a_forum() -> None:
    decision = decide(laid_over(a_rule("matac", "red_flag == true")), facts(red_flag=True))

    assert decision.outcomes["matac"] == "yes"


@pytest.mark.parametrize(
    ("then", "conditions", "not_so"),
    [
        ("child_victim", ("red_flag == true",), "victim_youngest < 16"),
        ("child_victim", ("victim_youngest < adult_age",), "victim_youngest < 16"),
        ("child_victim", ("grade == HIGH",), "victim_youngest < 16"),
        ("youth yes", ("red_flag == true",), "perpetrator_youngest < 18"),
        ("youth yes", ("perpetrator_youngest <= adult_age",), "perpetrator_youngest < 18"),
        ("youth under_age", ("perpetrator_youngest < adult_age",), "perpetrator_too_young == True"),
        ("custody", ("red_flag == true",), "in_custody == True"),
        ("identified no", ("red_flag == true",), "perpetrator_known == False"),
        ("mappa l1", ("mappa_level is unknown",), "mappa_level == 1"),
        ("mappa l2", ("mappa_level == not_managed", "red_flag == true"), "mappa_level == 2"),
        ("mappa l3", ("serious_harm_likely == true",), "mappa_level == 3"),
        ("stands_aside", ("red_flag == true",), "mappa in l2 l3"),
        ("stands_aside", ("marac == open",), "mappa in l2 l3"),
    ],
)
def test_an_answer_about_a_person_is_given_only_where_it_is_so(
    then: str, conditions: tuple[str, ...], not_so: str
) -> None:
    file = a_rule(then, *conditions)

    fault = refused(file, f"though not {not_so}")

    assert line_of(fault, file) == 'id = "LOCAL-01"'
    assert fault.situation.startswith("[[example]]")


@pytest.mark.parametrize(("dropped", "so"), [("CHILD-01", "victim_youngest < 16"), ("IDENT-01", "perpetrator_known")])
def test_a_child_and_an_unidentified_perpetrator_are_never_taken_for_something_else(dropped: str, so: str) -> None:
    """MARAC hears no child: with the rule dropped, nobody would be asked for one."""
    file = without(dropped)

    assert line_of(refused(file, f"although {so}"), file) == f'id = "{dropped}"'


def test_no_row_leads_past_marac_where_its_criteria_are_met() -> None:
    file = local(
        '[[victim_lead]]\nid = "VICTIM-02"\nlead = "REFERRING_AGENCY"\nrole = "REFERRER"\nholder = "REFERRING_AGENCY"\n'
        'when = ["child_path in none declined", "marac_path == met", "mappa in none open referable l1 l1_escalating"]\n'
        f'accept_within = "1 working days"\nsays = "the referring agency is asked"\n{WHY}\n'
    )

    fault = refused(file, f"{Forum.MARAC} must be asked where its criteria are met, not {Forum.REFERRING_AGENCY}")

    assert line_of(fault, file) == 'id = "VICTIM-02"'
    assert 'marac_path = "met"' in fault.situation


def test_a_child_is_still_led_by_childrens_social_care() -> None:
    young: dict[str, Fact] = {"victim_age": 15, "victim_youngest": 15, "victim_oldest": 15, "judged_high": True}

    decision = decide(laid_over(without("MARAC-08")), facts(**young))

    assert decision.victim.forum is Forum.CHILDRENS_SOCIAL_CARE

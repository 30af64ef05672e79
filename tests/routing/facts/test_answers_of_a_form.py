"""A form is read by its answers: totals, flags, and what they raise without making it known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.routing.facts.answers.questions import DASH24, DASH27, FLAGS
from app.routing.facts.answers.reading import read_answers, scores_of
from app.routing.facts.derived import derive
from app.routing.facts.moving.ages import born_by_age
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.orders import Order
from app.routing.policy.vocabulary import AssessmentTool, DashAnswer, OrderKind
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident, baseline, parameters

YES, NO, DONT_KNOW, NOT_ASKED = DashAnswer
OF_SIX = born_by_age(6, AN_INSTANT.date())


def answered(tool: AssessmentTool = AssessmentTool.DASH24, **answers: DashAnswer) -> Assessment:
    return read_answers(Assessment(tool, answers=tuple(answers.items())))


def all_of(questions: tuple[str, ...], answer: DashAnswer) -> dict[str, DashAnswer]:
    return dict.fromkeys(questions, answer)


def facts_of(assessment: Assessment, **case: object) -> dict[str, object]:
    return dict(derive(a_snapshot(assessment=assessment, **case), AN_INSTANT, parameters(baseline())))


def test_the_longer_list_is_the_shorter_one_with_three_questions_about_children_after_the_ninth() -> None:
    assert (len(DASH24), len(DASH27)) == (24, 27)
    assert DASH27[:9] == DASH24[:9]
    assert DASH27[12:] == DASH24[9:]


def test_ticks_are_the_yes_answers_and_what_is_left_out_or_open_is_unanswered() -> None:
    form = answered(injured=YES, isolated=YES, animal_hurt=NO, money_issues=DONT_KNOW, police_record=NOT_ASKED)

    assert (form.ticks, form.unanswered) == (2, 21)


def test_the_same_answers_are_two_scores_on_two_lists() -> None:
    yes = all_of((*DASH24[:11], *DASH27[9:12]), YES)

    assert scores_of(yes) == (11, 14)
    assert answered(AssessmentTool.DASH27, **yes).ticks == 14


@pytest.mark.parametrize(("flag", "questions"), FLAGS.items())
def test_a_flag_follows_from_its_question(flag: str, questions: tuple[str, ...]) -> None:
    one_yes = {questions[0]: YES}

    assert getattr(answered(**one_yes), flag) is True
    assert getattr(answered(**all_of(questions, NO)), flag) is False
    assert getattr(answered(**all_of(questions, DONT_KNOW)), flag) is None


def test_an_open_answer_leaves_the_stated_flag() -> None:
    form = Assessment(AssessmentTool.DASH24, answers=(("strangled_or_drowned", DONT_KNOW),), strangulation=True)

    assert read_answers(form).strangulation is True


def test_one_yes_to_what_stalking_consists_of_is_evidence_of_stalking() -> None:
    assert read_answers(Assessment(sdash=(("s5", YES),))).stalking is True
    assert read_answers(Assessment(sdash=(("s10", YES),))).stalking is None


HARM = ("has_hurt_children_or_dependants", "threatened_children_or_dependants")
FAR_AWAY = Child("C-1", OF_SIX, in_household=False, perpetrator_access=False)


def child_facts(form: Assessment, children: tuple[Child, ...] | None = None) -> tuple[object, object]:
    known = facts_of(form, children=children)
    return known["child_affected"], known["child_in_answers"]


def test_a_dispute_over_contact_is_about_a_child_and_another_dependant_only_asks_for_one() -> None:
    assert child_facts(answered(child_contact_conflict=YES)) == (True, True)
    assert child_facts(answered(AssessmentTool.DASH27, other_children_or_dependants=YES)) == (None, True)
    assert child_facts(answered(AssessmentTool.DASH27, other_children_or_dependants=YES), ()) == (False, True)


@pytest.mark.parametrize("question", HARM)
def test_a_child_who_was_hurt_or_threatened_is_affected_before_anybody_names_one(question: str) -> None:
    form = answered(AssessmentTool.DASH27, **{question: YES})

    assert child_facts(form) == (True, True)
    assert child_facts(form, (FAR_AWAY,)) == (True, True)
    assert child_facts(form, (Child("C-1", OF_SIX, in_household=True),)) == (True, False)


def test_a_list_of_none_takes_no_harm_to_a_child_away() -> None:
    assert child_facts(answered(AssessmentTool.DASH27, **dict.fromkeys(HARM, YES)), ()) == (True, True)


def test_an_answer_of_another_form_is_no_tick_of_this_one_and_is_not_lost() -> None:
    form = answered(AssessmentTool.DASH24, **all_of(DASH24[:13], YES), threatened_children_or_dependants=YES)

    assert (form.ticks, form.unanswered) == (13, 11)
    assert child_facts(form) == (True, True)


def test_a_no_about_children_who_are_not_the_perpetrators_does_not_say_that_there_is_no_child() -> None:
    assert facts_of(answered(AssessmentTool.DASH27, other_children_or_dependants=NO))["child_affected"] is None


@pytest.mark.parametrize("children", [(), (FAR_AWAY,)])
def test_no_list_of_children_undoes_a_dispute_over_contact(children: tuple[Child, ...]) -> None:
    assert facts_of(answered(child_contact_conflict=YES), children=children)["child_affected"] is True


def test_children_who_were_named_stand_whatever_the_other_answers_say() -> None:
    other = answered(AssessmentTool.DASH27, other_children_or_dependants=YES)

    assert child_facts(other, (FAR_AWAY,)) == (False, True)


def test_totals_and_dangers_of_before_stand_where_the_answers_say_less() -> None:
    form = Assessment(AssessmentTool.DASH24, ticks=15, weapon=True, answers=(("weapon_or_object", NO),))

    assert (read_answers(form).ticks, read_answers(form).weapon) == (15, True)


def test_a_breach_in_the_answers_is_asked_for_until_an_order_is_named_as_breached() -> None:
    form = answered(broke_bail_or_order=YES)
    breached = Order(OrderKind.NON_MOLESTATION_ORDER, breached=True)

    assert facts_of(form)["order_breached"] is None
    assert facts_of(form, orders=())["order_breached"] is None
    assert facts_of(form, orders=(replace(breached, breached=False),))["order_breached"] is None
    assert facts_of(form, orders=(breached,))["order_breached"] is True
    assert facts_of(answered(broke_bail_or_order=NO))["order_breached"] is False
    assert facts_of(answered(broke_bail_or_order=DONT_KNOW))["order_breached"] is False


@pytest.mark.parametrize("violence", ["injured", "sexual_harm"])
def test_separation_control_and_violence_are_one_cluster(violence: str) -> None:
    cluster = {"separated_in_year": YES, "controlled_or_jealous": YES}

    assert facts_of(answered(**cluster, **{violence: YES}))["controlled_after_separation"] is True
    assert facts_of(answered(**cluster))["controlled_after_separation"] is None
    assert facts_of(answered(**cluster, injured=NO, sexual_harm=NO))["controlled_after_separation"] is False


def test_what_a_form_has_no_question_for_is_to_be_asked_only_where_a_form_was_answered() -> None:
    assert facts_of(answered(injured=YES))["not_asked_beside_form"] is True
    assert facts_of(Assessment())["not_asked_beside_form"] is False


def test_a_form_is_out_of_date_once_something_happened_after_its_day() -> None:
    day = date(2018, 8, 1)
    incident = an_incident(day)

    def outdated(completed_on: date | None) -> object:
        return facts_of(Assessment(completed_on=completed_on), incidents=(incident,))["assessment_outdated"]

    assert [outdated(on) for on in (day - timedelta(days=1), day, None)] == [True, False, None]

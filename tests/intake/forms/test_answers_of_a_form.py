"""An assessment is sent by its answers: totals and flags follow from them, and what contradicts them is refused."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from app.routing.facts.answers.questions import DASH24, DASH27
from app.routing.policy.vocabulary import AssessmentTool
from tests.given import Callers, a_referral, an_incident

Body = dict[str, Any]
FOURTEEN = dict.fromkeys(DASH24[:14], "YES") | dict.fromkeys(DASH24[14:], "NO")


def a_form(tool: str = "DASH24", answers: Body | None = None, **more: Any) -> Body:
    return {"tool": tool, "answers": FOURTEEN if answers is None else answers, **more}


def sent(callers: Callers, assessment: Body, **changes: Any) -> Any:
    return callers.hub.post("/v1/referrals", a_referral(assessment=assessment, **changes))


def decision(answer: Any) -> Body:
    assert answer.status_code == 201, answer.text
    made: Body = answer.json()["decision"]["decision"]
    return made


def refused_at(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [fault["pointer"] for fault in answer.json()["errors"]]


def test_fourteen_yes_answers_meet_marac_without_a_total(callers: Callers) -> None:
    made = decision(sent(callers, a_form(seen_alone=True)))

    assert (made["facts"]["ticks"], made["facts"]["unanswered"]) == (14, 0)
    assert made["outcomes"]["marac"] == "yes"
    assert made["facts"]["threats_to_kill"] is True


def test_thirteen_yes_answers_and_one_left_open_leave_marac_open(callers: Callers) -> None:
    answers = FOURTEEN | {"strangled_or_drowned": "DONT_KNOW", "injured": "NO", "threat_to_kill_believed": "YES"}
    made = decision(sent(callers, a_form(answers=answers)))

    assert (made["facts"]["ticks"], made["facts"]["unanswered"]) == (None, 1)
    assert made["outcomes"]["marac"] == "open"


def test_a_total_that_agrees_with_the_answers_is_accepted(callers: Callers) -> None:
    assert decision(sent(callers, a_form(ticks=14, unanswered=0)))["facts"]["ticks"] == 14


@pytest.mark.parametrize(
    ("assessment", "pointer"),
    [
        (a_form(ticks=13), "/assessment/ticks"),
        (a_form(unanswered=1), "/assessment/unanswered"),
        ({"tool": "DARA", "officer_grade": "HIGH", "ticks": 14}, "/assessment/ticks"),
        ({"tool": "DARA", "officer_grade": "HIGH", "unanswered": 0}, "/assessment/unanswered"),
        (a_form("DARA"), "/assessment/answers"),
        (a_form("DASH_OLDER"), "/assessment/answers"),
        (a_form("DASH_YOUNG"), "/assessment/answers"),
        ({"answers": {"injured": "YES"}}, "/assessment/answers"),
        (a_form(answers={"threatened_children_or_dependants": "YES"}), "/assessment/answers"),
        (a_form(answers={"24": "YES"}), "/assessment/answers/24"),
        (a_form(answers={"injured": "MAYBE"}), "/assessment/answers/injured"),
        (a_form(answers={"injured": {"answer": "YES", "comment": "a black eye"}}), "/assessment/answers/injured"),
        (a_form(answers={"strangled_or_drowned": "NO"}, strangulation=True), "/assessment/strangulation"),
        (a_form(answers={"strangled_or_drowned": "YES"}, strangulation=False), "/assessment/strangulation"),
        (a_form(source="PERPETRATOR"), "/assessment/source"),
    ],
)
def test_what_contradicts_its_form_is_refused_by_name(callers: Callers, assessment: Body, pointer: str) -> None:
    answer = sent(callers, assessment)

    assert refused_at(answer) == [pointer]
    assert "black eye" not in answer.text


def test_a_refusal_names_the_flag_and_the_answer(callers: Callers) -> None:
    answer = sent(callers, a_form(answers={"strangled_or_drowned": "NO"}, strangulation=True))

    assert "`strangulation` and `answers.strangled_or_drowned`" in answer.json()["errors"][0]["detail"]


def test_a_new_baby_stands_beside_no_pregnancy(callers: Callers) -> None:
    made = decision(sent(callers, a_form(answers={"pregnant_or_new_baby": "YES"}, pregnancy=False)))

    assert made["facts"]["pregnancy"] is True


@pytest.mark.parametrize("tool", ["DASH_OLDER", "DASH_YOUNG"])
@pytest.mark.parametrize(
    ("ticks", "unanswered", "marac"), [(24, 0, "yes"), (14, 0, "yes"), (13, 0, "no"), (13, 1, "open")]
)
def test_a_form_for_another_age_is_on_the_ladder_of_the_adults_form(
    callers: Callers, tool: str, ticks: int, unanswered: int, marac: str
) -> None:
    form = {"tool": tool, "ticks": ticks, "unanswered": unanswered, "officer_grade": "MEDIUM", "seen_alone": True}
    made = decision(sent(callers, form, victim={"ref": "V-1", "age": 17}))

    assert made["outcomes"]["marac"] == marac


def test_an_answer_that_only_the_longer_form_asks_makes_no_fourteenth_tick_of_the_shorter_one(callers: Callers) -> None:
    thirteen = dict.fromkeys(DASH24, "NO") | dict.fromkeys(DASH24[:13], "YES")
    first = sent(callers, a_form(answers=thirteen, officer_grade="MEDIUM", seen_alone=True)).json()
    longer = a_form("DASH27", {"threatened_children_or_dependants": "YES"})

    answer = callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"assessment": longer})

    made = decision(answer)
    assert (made["facts"]["ticks"], made["outcomes"]["marac"]) == (13, "no")
    assert made["facts"]["child_affected"] is True
    assert "14 of 24" not in answer.text


def test_a_child_who_is_said_to_be_hurt_is_referred_though_nobody_named_one_and_the_risk_is_standard(
    callers: Callers,
) -> None:
    answers = dict.fromkeys(DASH27, "NO") | {"has_hurt_children_or_dependants": "YES"}
    made = decision(sent(callers, a_form("DASH27", answers, officer_grade="STANDARD", seen_alone=True)))

    assert "D25.social_care" in {one["id"] for one in made["duties"]}
    assert "WARN-25" in {one["id"] for one in made["warnings"]}


@pytest.mark.parametrize("question", ["other_children_or_dependants", "pregnant_or_new_baby"])
def test_a_child_in_the_answers_is_looked_for_where_nobody_has_spoken_of_children(
    callers: Callers, question: str
) -> None:
    answers = dict.fromkeys(DASH27, "NO") | {question: "YES"}
    made = decision(sent(callers, a_form("DASH27", answers, officer_grade="STANDARD", seen_alone=True)))

    assert "WARN-25" in {one["id"] for one in made["warnings"]}


def test_the_score_is_shown_on_both_lists(callers: Callers) -> None:
    yes = dict.fromkeys((*DASH24[:9], *DASH27[9:14]), "YES") | dict.fromkeys(DASH27[14:], "NO")
    answer = sent(callers, a_form("DASH27", yes, completed_on="2026-03-09", by_role="IDVA", source="VICTIM"))

    assert decision(answer)["outcomes"]["marac"] == "yes"
    assert "14 of 27 questions of DASH27 answered yes (at least 11 of 24 on the other list)" in answer.text
    path = f"/v1/referrals/{answer.json()['referral_id']}/assessments"
    (shown,) = callers.hub.get(path).json()["items"]
    assert (shown["scores"], shown["completed_on"], shown["by_role"]) == (
        {"of_24": 11, "of_27": 14}, "2026-03-09", "IDVA"
    )  # fmt: skip
    assert shown["answers"]["injured"] == "YES"
    assert callers.probation.get(path).status_code == 403


def test_the_victim_s_own_fear_is_a_red_flag_and_asks_for_a_judgement(callers: Callers) -> None:
    answers = {"very_frightened": "YES"} | dict.fromkeys(DASH24[2:], "NO") | {"injured": "NO"}
    made = decision(sent(callers, a_form(answers=answers, officer_grade="MEDIUM", seen_alone=True)))

    assert made["facts"]["red_flag"] is True
    assert {"WARN-03"} <= {one["id"] for one in made["warnings"]}


def test_later_answers_of_the_author_add_to_the_form(callers: Callers, clock: SettableClock) -> None:
    first = sent(callers, a_form(answers={"injured": "YES", "strangled_or_drowned": "NOT_ASKED"})).json()
    clock.set(clock.now() + timedelta(hours=1))
    path = f"/v1/referrals/{first['referral_id']}/facts"

    answer = callers.hub.post(path, {"assessment": a_form(answers={"strangled_or_drowned": "YES"})})

    assert decision(answer)["facts"]["strangulation"] is True
    (shown,) = callers.hub.get(f"/v1/referrals/{first['referral_id']}/assessments").json()["items"]
    assert (shown["ticks"], shown["unanswered"]) == (2, 22)


@pytest.mark.parametrize(
    ("learned", "pointer"),
    [
        ({"ticks": 13}, "/assessment/ticks"),
        ({"threats_to_kill": False}, "/assessment/threats_to_kill"),
        ({"tool": "OTHER"}, "/assessment/tool"),
        ({"tool": "DARA"}, "/assessment/tool"),
    ],
)
def test_a_later_total_or_flag_that_the_own_answers_contradict_is_refused(
    callers: Callers, learned: Body, pointer: str
) -> None:
    path = f"/v1/referrals/{sent(callers, a_form()).json()['referral_id']}/facts"

    answer = callers.hub.post(path, {"assessment": learned}, **callers.hub.on_behalf_of("jo.smith"))

    assert refused_at(answer) == [pointer]


def test_a_danger_that_is_raised_after_a_no_stands(callers: Callers) -> None:
    path = f"/v1/referrals/{sent(callers, a_form()).json()['referral_id']}/facts"

    answer = callers.hub.post(path, {"assessment": {"strangulation": True}})

    assert decision(answer)["facts"]["strangulation"] is True


def test_a_program_lowers_no_answer_and_its_report_is_not_lost(callers: Callers) -> None:
    path = f"/v1/referrals/{sent(callers, a_form()).json()['referral_id']}/facts"
    lower = FOURTEEN | {"threat_to_kill_believed": "NO"}

    answer = callers.hub.post(path, {"assessment": a_form(answers=lower, ticks=13, threats_to_kill=False)})

    assert (decision(answer)["facts"]["ticks"], decision(answer)["facts"]["threats_to_kill"]) == (14, True)
    assert "/assessment/answers/threat_to_kill_believed" in answer.json()["not_lowered"]


def test_a_person_lowers_an_answer(callers: Callers) -> None:
    path = f"/v1/referrals/{sent(callers, a_form()).json()['referral_id']}/facts"
    lower = {"tool": "DASH24", "answers": {"threat_to_kill_believed": "NO"}}

    answer = callers.hub.post(path, {"assessment": lower}, **callers.hub.on_behalf_of("jo.smith"))

    assert (decision(answer)["facts"]["ticks"], decision(answer)["facts"]["threats_to_kill"]) == (13, False)


def test_a_program_settles_an_answer_that_was_open(callers: Callers) -> None:
    open_ones = FOURTEEN | {"threat_to_kill_believed": "DONT_KNOW", "police_record": "NOT_ASKED"}
    path = f"/v1/referrals/{sent(callers, a_form(answers=open_ones)).json()['referral_id']}/facts"
    settled = {"threat_to_kill_believed": "NO", "police_record": "NO"}

    answer = callers.hub.post(path, {"assessment": a_form(answers=settled)})

    assert (decision(answer)["facts"]["ticks"], decision(answer)["facts"]["unanswered"]) == (13, 0)


def test_the_hub_answers_how_many_were_ticked_of_the_questions_that_the_form_left_open(callers: Callers) -> None:
    open_one = FOURTEEN | {"injured": "DONT_KNOW"}
    routed = sent(callers, a_form(answers=open_one)).json()
    asked = [one for one in routed["enquiries"] if "ticks" in one["asks"]]

    given = {"answers": [{"fact": "ticks", "kind": "VALUE", "value": 14}]}
    answer = callers.hub.post(f"/v1/enquiries/{asked[0]['id']}/answers", given)

    assert answer.status_code < 300, answer.text
    newest = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"][-1]["decision"]
    assert (newest["facts"]["ticks"], newest["facts"]["unanswered"], newest["outcomes"]["marac"]) == (14, 0, "yes")


@pytest.mark.parametrize(
    "assessment",
    [{"tool": "DASH24", "ticks": 20, "unanswered": 10}, {"tool": "DASH24", "ticks": 25}],
)
def test_more_ticked_and_left_open_than_the_form_asks_is_refused(callers: Callers, assessment: Body) -> None:
    assert "/assessment/tool" in refused_at(sent(callers, assessment))


def test_answers_that_come_later_take_the_place_of_the_total(callers: Callers) -> None:
    first = sent(callers, {"tool": "DASH24", "ticks": 3, "unanswered": 0}).json()

    answer = callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"assessment": a_form()})

    assert decision(answer)["facts"]["ticks"] == 14


def test_null_takes_an_answer_back(callers: Callers) -> None:
    first = sent(callers, a_form()).json()
    path = f"/v1/referrals/{first['referral_id']}/facts"

    refused = callers.hub.post(path, {"assessment": {"answers": None}})
    callers.hub.post(path, {"assessment": {"answers": None}}, **callers.hub.on_behalf_of("jo.smith"))

    assert (refused.status_code, refused.json()["code"]) == (422, "no-person")
    (shown,) = callers.hub.get(f"/v1/referrals/{first['referral_id']}/assessments").json()["items"]
    assert (shown["answers"], shown["scores"], shown["ticks"]) == ({}, None, None)


def test_a_partner_s_form_is_the_partner_s_and_lowers_nothing(callers: Callers, clock: SettableClock) -> None:
    first = sent(callers, a_form(officer_grade="HIGH")).json()
    clock.set(clock.now() + timedelta(hours=1))
    body = {"incident": an_incident("2026-03-10T10:00:00Z"), "assessment": a_form(answers=dict.fromkeys(DASH24, "NO"))}

    answer = callers.idva.post(f"/v1/cases/{first['case_id']}/incidents", body)

    assert answer.status_code == 201, answer.text
    shown = callers.hub.get(f"/v1/referrals/{first['referral_id']}/assessments").json()["items"]
    assert [(one["author"], one["ticks"]) for one in shown] == [("ANYTOWN-POLICE", 14), ("ANYTOWN-IDVA", 0)]
    newest = callers.hub.get(f"/v1/referrals/{first['referral_id']}/decisions").json()["items"][-1]["decision"]
    assert (newest["facts"]["ticks"], newest["facts"]["threats_to_kill"]) == (14, True)


def test_a_preview_reads_the_answers(callers: Callers) -> None:
    answer = callers.hub.post("/v1/routing-previews", a_referral(assessment=a_form()))

    assert answer.status_code == 200, answer.text
    assert "14 of 24 questions of DASH24" in answer.text


@pytest.mark.parametrize("tool", AssessmentTool)
def test_no_form_is_exchanged_for_one_whose_ticks_ask_less(callers: Callers, tool: AssessmentTool) -> None:
    first = sent(callers, {"tool": "DASH24", "officer_grade": "MEDIUM"}).json()

    answer = callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"assessment": {"tool": tool}})

    assert decision(answer)["facts"]["assessment_tool"] == "DASH24"

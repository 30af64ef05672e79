"""One decision is explained to three readers; each sentence names its rule, its parameter and its source."""

import re

import pytest

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import PolicyExample
from app.routing.handbook.explain import Audience, citation, explain
from app.routing.policy.labels import FORUM_NAMES, due_name, role_name
from app.routing.policy.sentences import Sentence, value_in_words
from app.routing.policy.types import DueRule, DueUnit, Source, Tag
from app.vocabulary import Forum, Role
from tests.routing.given import baseline, examples_of, facts

ROW_22 = {"judged_high": True, "victims_in_window": 3, "mappa_level": "1", "supervised": True}


def told(audience: Audience, **changed: object) -> dict[str, tuple[str, ...]]:
    explanation = explain(decide(baseline(), facts(**changed)), audience)
    return {passage.heading: passage.sentences for passage in explanation.passages}


def test_a_practitioner_reads_both_leads_who_holds_and_why() -> None:
    passages = told(Audience.PRACTITIONER, **ROW_22)

    assert passages["The victim's safety"] == (
        (
            "MARAC is asked to lead on the victim's safety: the criteria of MARAC are met, or nobody answered in time "
            "what decides them: it is asked to lead on the victim's safety (VICTIM-02, Primacy table of this product; "
            "product default)."
        ),
        "A professional judges the risk to be high (MARAC-03, SafeLives MARAC referral criteria, definitions).",
    )
    assert passages["The perpetrator"][:3] == (
        (
            "MAPPA level 2 is asked to lead on the perpetrator, within 5 working days: the perpetrator is at level 1 "
            "and the risk has risen: level 2 is asked, and the lead agency is asked to hold the case "
            "meanwhile (PERP-07, Domestic homicide review 'Jean', 14.3.4)."
        ),
        "The police PVP hub holds the case until somebody else has accepted it.",
        "Meanwhile the MAPPA level 1 lead agency is asked to hold it.",
    )
    assert (
        "At least 3 different victims in 36 months; 2 is serial (MATAC-01, Northumbria MATAC definition of serial)."
        in passages["The perpetrator"]
    )


def test_a_practitioner_reads_the_duties_about_life_first() -> None:
    decision = decide(baseline(), facts(**ROW_22))
    urgent = sum(duty.life_safety for duty in decision.duties)

    passages = told(Audience.PRACTITIONER, **ROW_22)

    first = passages["What must be done"][:urgent]
    assert all(any(f"({code}," in each for code in ("D02", "D03", "D08")) for each in first)
    assert first[0] == (
        "Attending supervisor, the same day: Send the case to the IDVA service - high risk goes to the IDVA the "
        "same day, before any meeting (D02, Domestic homicide review 'Jean', 14.1.20)."
    )


@pytest.mark.parametrize("audience", [Audience.PRACTITIONER, Audience.CHAIR])
def test_a_reader_who_acts_reads_what_to_take_care_of(audience: Audience) -> None:
    passages = told(audience, seen_alone=False, grade="MEDIUM", another_perpetrator=True)

    assert passages["Take care"] == (
        "The victim was not seen alone, so the grade may be too low.",
        "Somebody else harmed the victim too: that is another case with the same victim.",
    )


def test_a_practitioner_reads_what_was_not_met_and_what_it_needs() -> None:
    passages = told(Audience.PRACTITIONER, ticks=9)

    assert (
        "DASH ticks: 9, needs at least 14 (MARAC-01, SafeLives MARAC referral criteria, definitions)."
        in passages["Not met"]
    )


def test_a_practitioner_reads_what_is_not_known_yet_and_who_looks_it_up_until_when() -> None:
    passages = told(Audience.PRACTITIONER, ticks=None, grade="MEDIUM")

    assert passages["The victim's safety"] == (
        (
            "The referring agency has the victim's safety: whether the criteria of MARAC are met is not known yet: "
            "the victim's safety falls to the referring agency meanwhile "
            "(VICTIM-13, Domestic homicide review 'Jean', 14.1.13)."
        ),
    )
    assert passages["Not known yet"] == (
        "Whether the criteria of MARAC are met: not known yet. It depends on: DASH ticks.",
    )
    assert passages["What is looked up"] == ("PVP hub, within 24 hours: How many boxes were ticked on the DASH?",)


@pytest.mark.parametrize("example", examples_of("national-baseline"), ids=lambda example: example.name)
def test_no_sentence_says_leads_meets_or_can_be_referred_of_a_forum_that_is_only_asked(example: PolicyExample) -> None:
    decision = decide(baseline(), example.given)

    for audience in Audience:
        text = explain(decision, audience).text
        assert not re.search(r"(MARAC|MATAC|MAPPA|IOM|DAPP|panel|agency|justice|care) leads", text)
        assert "can be referred" not in text
        if decision.outcomes["marac"] != "yes":
            assert "criteria of MARAC are met: it is asked" not in text
        if decision.outcomes["matac"] != "yes":
            assert "meets the criteria of MATAC" not in text


@pytest.mark.parametrize("example", examples_of("national-baseline"), ids=lambda example: example.name)
def test_one_decision_never_states_two_levels(example: PolicyExample) -> None:
    decision = decide(baseline(), example.given)

    text = " ".join(explain(decision, audience).text for audience in Audience)

    assert len(set(re.findall(r"(?:is|managed) at level (\d)", text))) <= 1


def test_a_chair_reads_who_is_asked_in_order_and_why_not_the_others() -> None:
    passages = told(Audience.CHAIR, **ROW_22)

    assert [sentence.split(" (")[0] for sentence in passages["Who is asked, in order"]] == [
        "1. MAPPA level 2",
        "2. The MAPPA level 1 lead agency",
        "3. MATAC",
        "4. The police PVP hub",
    ]
    assert (
        "MATAC is not asked to lead on the perpetrator: MAPPA level 2 comes before it in the order; "
        "it is asked if all before it decline."
    ) in passages["Why not the others"]
    assert (
        "MARAC is not asked to lead on the perpetrator: MARAC hears once and discharges: it never owns the perpetrator."
    ) in passages["Why not the others"]


def test_every_forum_that_does_not_lead_has_its_reason() -> None:
    decision = decide(baseline(), facts(**ROW_22))

    explained = {(each.need, each.forum) for each in decision.why_not}
    leading = {decision.victim.forum, decision.perpetrator.forum}
    never_asked = {Forum.HUB, Forum.REFERRING_AGENCY}
    assert {forum for _, forum in explained} | leading | never_asked == set(Forum)
    assert len(explained) == len(decision.why_not)


def test_an_auditor_reads_the_policy_the_comparisons_and_the_fingerprints() -> None:
    decision = decide(baseline(), facts(**ROW_22, incidents_in_window=3))

    passages = {p.heading: p.sentences for p in explain(decision, Audience.AUDITOR).passages}

    assert passages["Decided under"] == (
        f"Policy national-baseline 2.0.0, {decision.policy_sha256}.",
        f"Engine {decision.engine_version}; row 22 of the primacy table.",
        f"Facts {decision.facts_sha256}; decision {decision.sha256}.",
    )
    assert (
        "MARAC-04 -> marac yes: escalation_counts yes == yes; incidents_in_window 3 >= 3 [escalation_incidents] "
        "(SafeLives MARAC referral criteria, definitions)."
    ) in passages["Rules that held"]
    assert len(passages["Facts"]) == len(baseline().facts)


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        (Tag.READ, "A page, 3"),
        (Tag.SEED, "A page, 3"),
        (Tag.REPORTED, "A page, 3; second hand"),
        (Tag.BACKGROUND, "A page, 3; background, to be confirmed"),
        (Tag.DESIGN, "A page, 3; product default"),
    ],
)
def test_a_parameter_that_is_not_law_says_so_wherever_it_is_cited(tag: Tag, said: str) -> None:
    assert citation(Source("X", "A page", tag, "3")) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (DueRule(DueUnit.HOURS, 24, "decision"), "within 24 hours"),
        (DueRule(DueUnit.WORKING_DAYS, 1, "decision"), "within 1 working day"),
        (DueRule(DueUnit.WORKING_DAYS, -8, "next_hearing"), "8 working days before next hearing"),
        (DueRule(DueUnit.MONTHS, 6, "last_level_review"), "6 months after last level review"),
        (DueRule(DueUnit.AT, 0, "next_hearing"), "at next hearing"),
        (DueRule(DueUnit.BEFORE, 0, "next_school_day"), "before next school day"),
        (DueRule(DueUnit.SAME_DAY, 0, "decision"), "the same day"),
        (DueRule(DueUnit.AT_ONCE, 0, "decision"), "at once"),
    ],
)
def test_a_due_rule_is_said_as_people_say_it(rule: DueRule, said: str) -> None:
    assert due_name(rule) == said


def test_every_forum_has_a_name_and_acronyms_stay_large() -> None:
    assert set(FORUM_NAMES) == set(Forum)
    assert role_name(Role.MARAC_CHAIR) == "MARAC chair"
    assert role_name(Role.SUPERVISING_PRACTITIONER) == "supervising practitioner"


def test_an_unknown_value_is_said_and_never_left_out() -> None:
    assert Sentence("{ticks} ticks").filled({"ticks": None}) == "not known ticks"
    assert (value_in_words(True), value_in_words(False), value_in_words(3)) == ("yes", "no", "3")

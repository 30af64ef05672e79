"""What holds for every decision, whatever is known: tried on thousands of random sets of facts."""

import ast
import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

import app.routing as room
from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import unmet_expectations
from app.routing.policy.columns import NEVER_DECLINES
from app.routing.policy.fact_validation import checked_facts
from app.routing.policy.faults import FactErrors
from app.routing.policy.outcomes import QUESTIONS_BY_NAME, WHEN_MET
from app.routing.policy.refusals import declined_fact
from app.routing.policy.types import Fact, FactType, Rule, Silence
from app.routing.record.codec import canonical_json, to_dict
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum
from tests.routing.given import baseline, every_policy, facts

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RISKS = sorted(name for name, fact in baseline().facts.items() if fact.riskier == "up" and not fact.recorded)
FACTS = baseline().facts
SILENT = sorted(name for name, fact in FACTS.items() if fact.silence is Silence.NO)
UNKNOWABLE = sorted(name for name, fact in FACTS.items() if not fact.recorded and name not in SILENT)


def values_of(fact: FactType) -> st.SearchStrategy[Fact]:
    if fact.kind == "flag":
        return st.booleans()
    if fact.kind == "number":
        return st.integers(fact.low, min(fact.high, 30)) if fact.low <= 30 else st.just(fact.low)
    return st.sampled_from(fact.values)


def any_facts(*, unknown: bool = True) -> st.SearchStrategy[dict[str, Fact]]:
    """Any well-formed facts: random where it matters for routing, with any of them unknown."""
    quiet = facts()
    of_interest = {
        name: values_of(fact) | st.none() if unknown and not fact.recorded else values_of(fact)
        for name, fact in baseline().facts.items()
    }
    return st.fixed_dictionaries({}, optional=of_interest).map(lambda changed: {**quiet, **changed})


def refusals(known: dict[str, Fact]) -> set[Forum]:
    return {forum for forum in Forum if known.get(declined_fact(forum)) is True and forum not in NEVER_DECLINES}


def leaders(decision: RoutingDecision) -> set[Forum]:
    leads = (*decision.victim_candidates, *decision.perpetrator_candidates)
    helping = {support.forum for support in decision.supports if support.forum}
    return {lead.forum for lead in leads} | {lead.holder for lead in leads} | helping


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_every_set_of_facts_has_a_lead_and_an_owner_for_both_needs(known: dict[str, Fact], name: str) -> None:
    decision = decide(every_policy()[name], known)

    assert decision.victim.forum in set(Forum)
    assert decision.perpetrator.holder in set(Forum)
    assert declined_fact(decision.held_by) not in {n for n, v in known.items() if v is True}


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_nobody_who_declined_leads_holds_supports_or_is_asked_again(known: dict[str, Fact], name: str) -> None:
    decision = decide(every_policy()[name], known)

    declined = refusals(known)
    if decision.outcomes["mappa"] in {"l2", "l3"}:
        # A statutory level cannot be declined in the tool: a warning says so instead.
        declined -= {Forum.MAPPA_L2}
    assert leaders(decision) & declined == set()


@QUICK
@given(any_facts())
def test_marac_never_leads_or_holds_the_perpetrator(known: dict[str, Fact]) -> None:
    decision = decide(baseline(), known)

    asked = {forum for lead in decision.perpetrator_candidates for forum in (lead.forum, lead.holder)}
    assert Forum.MARAC not in asked


@QUICK
@given(any_facts(), st.sampled_from(["2", "3"]))
def test_levels_two_and_three_are_always_led_by_mappa(known: dict[str, Fact], level: str) -> None:
    decision = decide(baseline(), {**known, "mappa_level": level})

    assert decision.perpetrator.forum == Forum(f"MAPPA_L{level}")


@QUICK
@given(any_facts(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_no_byte_of_the_decision(known: dict[str, Fact], chance: object) -> None:
    names = list(known)
    chance.shuffle(names)

    first, second = decide(baseline(), known), decide(baseline(), {name: known[name] for name in names})

    assert canonical_json(to_dict(first)) == canonical_json(to_dict(second))


@QUICK
@given(any_facts(unknown=False), st.sampled_from(RISKS), st.data())
def test_more_risk_never_means_less_protection(known: dict[str, Fact], risk: str, data: st.DataObject) -> None:
    fact = baseline().facts[risk]
    order = {
        "flag": [False, True],
        "choice": list(fact.values),
        "number": list(range(fact.low, fact.high + 1)),
    }
    rank = order[fact.kind].index(known[risk])
    raised = data.draw(st.sampled_from(order[fact.kind][rank:]))

    before, after = decide(baseline(), known), decide(baseline(), {**known, risk: raised})

    for outcome in ("marac", "matac"):
        assert before.outcomes[outcome] == "no" or after.outcomes[outcome] == "yes"
    assert engaged(before) <= engaged(after)


def engaged(decision: RoutingDecision) -> bool:
    """Whether MAPPA, by any level or by being asked, has to do with the perpetrator."""
    return decision.outcomes["mappa"] != "none"


def test_age_that_only_a_duty_depends_on_is_asked_for_too() -> None:
    """Children's social care has declined, so no lead depends on the age of the victim any more.

    The referral to it still does.
    """
    decision = decide(baseline(), facts(victim_age=None, declined_childrens_social_care=True))

    assert "victim_age" in questions(decision)


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=8))
def test_an_unknown_never_protects_the_victim_less_than_any_way_it_could_turn_out(
    truth: dict[str, Fact], hidden: set[str]
) -> None:
    knowing = decide(baseline(), truth)

    guessing = decide(baseline(), {**truth, **dict.fromkeys(hidden)})

    assert knowing.outcomes["marac"] == "no" or guessing.outcomes["marac"] == "yes"
    there = {duty.id for duty in guessing.duties}
    standing_in = {duty.id for duty in baseline().duties if duty.stand_in in there}
    assert {duty.id for duty in knowing.duties if duty.life_safety} <= there | standing_in


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=8))
def test_no_panel_for_perpetrators_is_asked_on_silence_and_every_one_left_open_is_found_out(
    truth: dict[str, Fact], hidden: set[str]
) -> None:
    """Silence about a fact never raises a panel's answer above what every way it could turn out would give."""
    truth["perpetrator_known"] = True

    guessing = decide(baseline(), {**truth, **dict.fromkeys(hidden)})

    open_to = {each.outcome: each for each in guessing.unsettled}
    for name in WHEN_MET:
        question = QUESTIONS_BY_NAME[name]
        certain = [rule.value for rule in met(guessing, name)]
        floor = open_to[name].possible[0] if name in open_to else guessing.outcomes[name]
        highest = max((floor, *certain), key=question.values.index)
        assert question.values.index(guessing.outcomes[name]) <= question.values.index(highest)
        if name in open_to:
            assert questions(guessing) & set(open_to[name].decided_by)


def met(decision: RoutingDecision, outcome: str) -> list[Rule]:
    """The rules for this outcome that hold for certain."""
    fired = {finding.rule for finding in decision.findings}
    return [rule for rule in baseline().rules if rule.outcome == outcome and rule.id in fired]


@QUICK
@given(any_facts(), st.sampled_from(SILENT), st.sampled_from(sorted(every_policy())))
def test_silence_that_means_no_decides_as_a_no_that_somebody_said(
    known: dict[str, Fact], silent: str, name: str
) -> None:
    policy = every_policy()[name]
    no: Fact = FACTS[silent].low if FACTS[silent].kind == "number" else False

    unsaid, said = decide(policy, {**known, silent: None}), decide(policy, {**known, silent: no})

    apart = {"facts", "facts_sha256", "sha256", "near_misses", "sources"}
    assert {k: v for k, v in to_dict(unsaid).items() if k not in apart} == {
        k: v for k, v in to_dict(said).items() if k not in apart
    }
    assert unsaid.facts[silent] is None
    # "No, needs yes" would quote an answer that nobody gave.
    assert to_dict(unsaid)["sources"].items() <= to_dict(said)["sources"].items()
    assert [near for near in said.near_misses if near.missing.fact != silent] == list(unsaid.near_misses)


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=8))
def test_a_decision_that_is_not_provisional_is_the_one_that_the_truth_gives(
    truth: dict[str, Fact], hidden: set[str]
) -> None:
    guessing = decide(baseline(), {**truth, **dict.fromkeys(hidden)})

    knowing = decide(baseline(), truth)

    open_questions = {each.outcome for each in guessing.unsettled}
    for question, answer in knowing.outcomes.items():
        assert question in open_questions or guessing.outcomes[question] == answer
    for question, lead in (("victim_lead", "victim"), ("perpetrator_lead", "perpetrator")):
        same = getattr(guessing, lead).forum == getattr(knowing, lead).forum
        assert question in open_questions or same


@QUICK
@given(any_facts(unknown=False), st.sampled_from(UNKNOWABLE))
def test_what_the_truth_gives_is_among_the_answers_called_possible(truth: dict[str, Fact], hidden: str) -> None:
    guessing = decide(baseline(), {**truth, hidden: None})

    knowing = decide(baseline(), truth)

    for each in guessing.unsettled:
        if each.outcome in knowing.outcomes:
            assert knowing.outcomes[each.outcome] in each.possible
            assert hidden in each.decided_by


@QUICK
@given(any_facts())
def test_every_finding_quotes_the_values_it_compared_and_a_source_that_exists(known: dict[str, Fact]) -> None:
    policy = baseline()

    decision = decide(policy, known)

    for finding in decision.findings:
        assert policy.sources[finding.source.id] == finding.source
        for used in finding.used:
            if used.fact in known:
                assert used.value == (False if known[used.fact] is None else known[used.fact])
            if used.param:
                assert used.threshold == (policy.parameters[used.param].value,)


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=12))
def test_answering_what_is_asked_settles_every_lead_and_every_duty(truth: dict[str, Fact], hidden: set[str]) -> None:
    truth["perpetrator_known"] = True
    known = {**truth, **dict.fromkeys(hidden)}

    while asked := questions(decide(baseline(), known)):
        known |= {name: truth[name] for name in asked}

    settled = decide(baseline(), known)
    assert settled.provisional is False
    assert [duty.id for duty in settled.duties if not duty.certain and not duty.life_safety] == []


def questions(decision: RoutingDecision) -> set[str]:
    """The facts that somebody is asked to find out."""
    prefix = "FIND_OUT."
    return {duty.id.removeprefix(prefix) for duty in decision.duties if duty.id.startswith(prefix)}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ticks": "20"}, "'ticks' is '20'; it must be a whole number from 0 to 27"),
        ({"ticks": 28}, "'ticks' is 28; it must be a whole number from 0 to 27"),
        ({"ticks": True}, "'ticks' is True; it must be a whole number from 0 to 27"),
        ({"grade": "High"}, "'grade' is 'High'; it must be one of STANDARD, MEDIUM, HIGH"),
        ({"judged_high": 1}, "'judged_high' is 1; it must be true or false"),
        ({"declined_matac": None}, "'declined_matac' is a record of our own and cannot be unknown"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_loud_and_never_a_no(changed: dict[str, Fact], message: str) -> None:
    with pytest.raises(FactErrors) as refused:
        decide(baseline(), facts(**changed))

    assert refused.value.messages == (message,)


def test_a_fact_that_is_absent_or_unheard_of_is_loud() -> None:
    partial = facts()
    del partial["ticks"]

    with pytest.raises(FactErrors, match="'ticks' is absent: state it, or state that it is not known"):
        checked_facts(partial, baseline().facts)
    with pytest.raises(FactErrors, match="'tikcs' is not a fact of this policy"):
        checked_facts({**facts(), "tikcs": 20}, baseline().facts)


def test_the_decision_has_the_same_bytes_under_any_hash_seed() -> None:
    script = (
        "import sys, json\n"
        "from app.routing.loading.catalogue import shipped_policies\n"
        "from app.routing.engine.decide import decide\n"
        "print(decide(shipped_policies()[0], json.loads(sys.argv[1])).sha256)"
    )
    known = json.dumps({**facts(judged_high=True, victims_in_window=3), "mappa_level": None, "grade": None})
    root = str(Path(room.__file__).parents[2])

    hashes = {
        subprocess.run(
            [sys.executable, "-c", script, known],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": root},
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(hashes) == 1


def test_the_engine_reads_no_clock_uses_no_float_and_takes_no_chance() -> None:
    clocks = {"now", "today", "utcnow", "time_ns", "perf_counter", "monotonic"}

    for path in Path(room.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        read = {called.attr for called in calls if isinstance(called, ast.Attribute)}
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        assert read & clocks == set(), path.name
        assert named & {"float", "random"} == set(), path.name
        assert not any(isinstance(constant, float) for constant in constants), path.name


def test_every_single_unknown_in_every_row_of_the_primacy_table_asks_marac_and_no_panel() -> None:
    rows = product((False, True), (1, 2), ("0", "1", "2", "3"))

    for (high, victims, level), hidden in product(rows, ("grade", "victims_in_window", "mappa_level")):
        truth = facts(judged_high=high, victims_in_window=victims, mappa_level=level)
        guessing = decide(baseline(), {**truth, hidden: None})
        expected = {
            "grade": {"marac": "yes"},
            "victims_in_window": {"matac": "no", "provisional": True},
            "mappa_level": {"mappa": "none", "provisional": True},
        }
        assert list(unmet_expectations(guessing, expected[hidden])) == []

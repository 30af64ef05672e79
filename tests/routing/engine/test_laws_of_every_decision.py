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
from app.routing.policy.columns import NEVER_DECLINES
from app.routing.policy.fact_validation import checked_facts
from app.routing.policy.faults import FactErrors
from app.routing.policy.refusals import declined_fact
from app.routing.policy.types import Fact, FactType, Silence
from app.routing.record.codec import canonical_json, to_dict
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum
from tests.routing.given import baseline, every_policy, facts

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RISKS = sorted(name for name, fact in baseline().facts.items() if fact.riskier == "up" and not fact.recorded)
FACTS = baseline().facts
SILENT = sorted(name for name, fact in FACTS.items() if fact.silence is Silence.NO)
UNKNOWABLE = sorted(name for name, fact in FACTS.items() if fact.may_be_unknown)
FORUMS = ("marac", "matac", "mappa")
NOT_MET = {"no", "none"}


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
    decision = decide(baseline(), {**known, "mappa_level": level, "perpetrator_known": True})

    assert decision.perpetrator.forum == Forum(f"MAPPA_L{level}")


@QUICK
@given(any_facts())
def test_somebody_whom_nobody_has_identified_is_the_hubs_to_find_whatever_else_is_told(known: dict[str, Fact]) -> None:
    decision = decide(baseline(), {**known, "perpetrator_known": False})

    assert [lead.forum for lead in decision.perpetrator_candidates] == [Forum.HUB]


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
    decision = decide(baseline(), facts(grade="MEDIUM", victim_age=None, declined_childrens_social_care=True))

    assert "victim_age" in questions(decision)


def met(decision: RoutingDecision, outcome: str) -> bool:
    return decision.outcomes[outcome] not in {*NOT_MET, "open"}


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_forum_that_is_open_is_asked_to_lead_nothing_and_one_that_is_met_is_asked(
    known: dict[str, Fact], name: str
) -> None:
    decision = decide(every_policy()[name], known)

    asked = {decision.victim.forum, *(lead.forum for lead in decision.perpetrator_candidates)}
    asked |= {support.forum for support in decision.supports if support.forum}
    for outcome, forums in (("marac", {Forum.MARAC}), ("matac", {Forum.MATAC})):
        if not met(decision, outcome):
            assert not asked & forums
    if not met(decision, "mappa"):
        assert not asked & {Forum.MAPPA_L2, Forum.MAPPA_L3, Forum.MAPPA_L1_LEAD_AGENCY}
    kept_out = {"declined_marac": True, "marac_stage": "DISCHARGED"}
    if met(decision, "marac") and decision.outcomes["mappa"] not in {"l2", "l3"}:
        assert (
            decision.victim.forum is Forum.MARAC
            or any(known[n] == v for n, v in kept_out.items())
            or (decision.outcomes["child_victim"] == "yes")
        )


@QUICK
@given(any_facts())
def test_decision_names_the_rows_that_may_apply_and_one_when_nothing_is_open(known: dict[str, Fact]) -> None:
    decision = decide(baseline(), known)

    assert (len(decision.primacy_rows) == 1) == (decision.open == ())
    assert {each.outcome for each in decision.open} == {n for n in FORUMS if decision.outcomes[n] == "open"}


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=8))
def test_question_that_is_neither_open_nor_left_alone_has_the_answer_that_the_truth_gives(
    truth: dict[str, Fact], hidden: set[str]
) -> None:
    """Not met is said only where no way of turning out meets it, or where the decision says that nobody looks."""
    guessing, knowing = decide(baseline(), {**truth, **dict.fromkeys(hidden)}), decide(baseline(), truth)

    for outcome in FORUMS if not guessing.not_looked_up else ("marac",):
        if guessing.outcomes[outcome] in NOT_MET:
            assert knowing.outcomes[outcome] in NOT_MET


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=12))
def test_what_protects_arises_on_what_is_known_and_an_answer_only_ever_ends_what_not_knowing_owed(
    truth: dict[str, Fact], hidden: set[str]
) -> None:
    """A duty about life that the truth owes is owed meanwhile, or the fact that would bring it is asked for."""
    truth["perpetrator_known"] = True
    guessing, knowing = decide(baseline(), {**truth, **dict.fromkeys(hidden)}), decide(baseline(), truth)

    there = {duty.id for duty in guessing.duties}
    asked_for = {duty for enquiry in guessing.enquiries for item in enquiry.items for duty in item.decides}
    forums = {name for name in FORUMS if guessing.outcomes[name] == "open"}
    for duty in knowing.duties:
        if duty.life_safety and duty.id not in there and not guessing.not_looked_up:
            assert duty.id in asked_for or forums & asked_for


@QUICK
@given(any_facts(), st.sampled_from(SILENT), st.sampled_from(sorted(every_policy())))
def test_silence_that_means_no_decides_as_a_no_that_somebody_said(
    known: dict[str, Fact], silent: str, name: str
) -> None:
    policy = every_policy()[name]
    no: Fact = FACTS[silent].low if FACTS[silent].kind == "number" else False

    unsaid, said = decide(policy, {**known, silent: None}), decide(policy, {**known, silent: no})

    apart = {"facts", "facts_sha256", "sha256", "near_misses", "sources"}
    if silent == "judged_high":
        apart |= {"enquiries"}  # "judge it" is asked as long as nobody has judged
    assert {k: v for k, v in to_dict(unsaid).items() if k not in apart} == {
        k: v for k, v in to_dict(said).items() if k not in apart
    }
    assert unsaid.facts[silent] is None
    # "No, needs yes" would quote an answer that nobody gave.
    assert to_dict(unsaid)["sources"].items() <= to_dict(said)["sources"].items()
    assert [near for near in said.near_misses if near.missing.fact != silent] == list(unsaid.near_misses)


@QUICK
@given(any_facts())
def test_every_finding_quotes_the_values_it_compared_and_a_source_that_exists(known: dict[str, Fact]) -> None:
    policy = baseline()

    decision = decide(policy, known)

    for finding in decision.findings:
        assert policy.sources[finding.source.id] == finding.source
        for used in finding.used:
            if used.fact in known:
                assert used.value == (policy.facts[used.fact].unsaid if known[used.fact] is None else known[used.fact])
            if used.param:
                assert used.threshold == (policy.parameters[used.param].value,)


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=12))
def test_answering_what_is_asked_gives_the_decision_of_the_truth(truth: dict[str, Fact], hidden: set[str]) -> None:
    """What is never asked cannot matter: answers, leads and duties are those of the whole truth."""
    truth["perpetrator_known"] = True
    known = {**truth, **dict.fromkeys(hidden)}

    while asked := questions(decide(baseline(), known)):
        known |= {name: truth[name] for name in asked}

    settled, whole = decide(baseline(), known), decide(baseline(), truth)
    assert settled.open == ()
    if not settled.not_looked_up:
        assert settled.outcomes == whole.outcomes
        assert settled.victim == whole.victim
        assert settled.perpetrator_candidates == whole.perpetrator_candidates
        assert settled.duties == whole.duties


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_each_post_has_one_enquiry_in_which_what_settles_most_comes_first(known: dict[str, Fact], name: str) -> None:
    decision = decide(every_policy()[name], known)

    roles = [enquiry.role for enquiry in decision.enquiries]
    assert len(roles) == len(set(roles))
    for enquiry in decision.enquiries:
        items = [item for item in enquiry.items if item.fact != "judged_high"]
        opens = [sum(decided in FORUMS for decided in item.decides) for item in items]
        assert opens == sorted(opens, reverse=True)
        assert all(known[item.fact] is None for item in enquiry.items)
        assert enquiry.reviews == (enquiry.because != "")
    judges = known["red_flag"] is True and known["judged_high"] is None and decision.enquiries
    assert not judges or decision.enquiries[0].items[0].fact == "judged_high"


def questions(decision: RoutingDecision) -> set[str]:
    """The facts that somebody is asked to look up, the judgement of a person apart."""
    return {item.fact for enquiry in decision.enquiries for item in enquiry.items} - {"judged_high"}


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


def test_every_single_unknown_in_every_row_of_the_primacy_table_leaves_its_own_question_open_and_no_other() -> None:
    rows = product((False, True), (1, 2), ("not_managed", "1", "2", "3"))

    for (high, victims, level), hidden in product(rows, ("ticks", "victims_in_window", "mappa_level")):
        truth = facts(judged_high=high, victims_in_window=victims, mappa_level=level, grade="MEDIUM")
        guessing, knowing = decide(baseline(), {**truth, hidden: None}), decide(baseline(), truth)
        question = {"ticks": "marac", "victims_in_window": "matac", "mappa_level": "mappa"}[hidden]
        open_now = [] if question == "marac" and high else [question]
        assert [each.outcome for each in guessing.open] == open_now
        for other in set(FORUMS) - set(open_now):
            assert guessing.outcomes[other] == knowing.outcomes[other]

"""L6: every sentence of a decision is true of what is known. A forum that is open or only asked never "leads".

Each claim that a sentence can make about a forum, a level or a manager stands here with what must then be so. A
sentence with a word of that kind that matches no claim fails, so a new sentence states what makes it true.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from app.routing.engine.decide import decide
from app.routing.handbook.explain import Audience, explain
from app.routing.handbook.in_short import in_short
from app.routing.policy.labels import forum_name
from app.routing.policy.refusals import declined_fact
from app.routing.policy.types import Fact
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum, NeedKind
from tests.routing.engine.test_laws_of_every_decision import any_facts
from tests.routing.given import every_policy, examples_of, facts

Truth = Callable[[RoutingDecision, Mapping[str, Fact]], bool]

# A forum that was asked has not answered: it leads nothing, and whether it takes the case is for it to say.
NEVER_SAID = re.compile(
    r"\b(leads|will lead|is to (lead|hear|own)|holds the case meanwhile|can be referred|has taken|provisional)\b",
    re.IGNORECASE,
)
TELLS_OF_A_FORUM = re.compile(
    r"\blevel [123]\b|\bmeets?\b|\bcriteria\b|\bmanage[sd]?\b|\bground to refer\b|\bin custody\b"
    r"|\bsupervise[sd]?\b|\bon licence\b|\bunder 1[68]\b|(?<!known )\badult\b|\bis a child\b"
)


HAS_LEVEL = re.compile(r"(?:is|managed) at level ([123])(?! or)")


def level(*levels: str) -> Truth:
    return lambda _, facts: str(facts["mappa_level"]) in levels


def outcome(name: str, *answers: str) -> Truth:
    return lambda decision, _: decision.outcomes[name] in answers


def fact(name: str, *values: Fact) -> Truth:
    return lambda _, facts: facts[name] in values


def always(_decision: RoutingDecision, _facts: Mapping[str, Fact]) -> bool:
    """The sentence states a rule of the area or asks for something, and claims nothing of this case."""
    return True


def _not_all_known_of_supervision(_: RoutingDecision, facts: Mapping[str, Fact]) -> bool:
    return facts["supervised"] is not False or int(str(facts["incidents_for_hub"])) > 1


def _nobody_supervised_is_in_question(_: RoutingDecision, facts: Mapping[str, Fact]) -> bool:
    return facts["supervised"] is not True or facts["mappa_level"] is not None


def _is_asked_later(decision: RoutingDecision, _facts: Mapping[str, Fact]) -> bool:
    """Each forum of which it is said is asked after the one that is named, and that one is asked first."""
    for each in decision.why_not:
        if "it is asked if all before it decline" in each.because:
            asked = decision.victim_candidates
            if each.need is NeedKind.PERPETRATOR:
                asked = decision.perpetrator_candidates
            order = [lead.forum for lead in asked]
            if each.forum not in order[1:] or not each.because.startswith(forum_name(order[0])):
                return False
    return True


def _meets_marac(decision: RoutingDecision, facts: Mapping[str, Fact]) -> bool:
    return decision.outcomes["marac"] == "yes" and facts["marac_unanswered"] is False


def _is_asked_by_the_clock(decision: RoutingDecision, facts: Mapping[str, Fact]) -> bool:
    return decision.outcomes["marac"] == "yes" and facts["marac_unanswered"] is True


def _under(name: str, limit: int) -> Truth:
    return lambda _, facts: facts[name] is not None and int(str(facts[name])) < limit


def _not_known_to_be_under(name: str, limit: int) -> Truth:
    """An age that is not known is no adult's."""
    return lambda _, facts: facts[name] is None or int(str(facts[name])) >= limit


CLAIMS: tuple[tuple[str, Truth], ...] = (
    (r"(?<!whether )MAPPA is not known to manage", lambda _, f: f["mappa_level"] in {None, "not_managed"}),
    (r"no ground to refer is known", outcome("mappa", "none", "open", "l1", "l1_escalating")),
    (r"whether MAPPA manages the perpetrator is not known yet", outcome("mappa", "open")),
    (r"(?<!whether )MAPPA manages the perpetrator", level("1", "2", "3")),
    (r"there is a ground to refer", outcome("mappa", "referable")),
    (r"the perpetrator is at level 1|at level 1", level("1")),
    (r"managed at level 2 or 3", level("2", "3")),
    (r"(managed at|the perpetrator is at) level 2(?! or 3)", level("2")),
    (r"(managed at|the perpetrator is at) level 3", level("3")),
    (r"the case meets MARAC", _meets_marac),
    (r"(?<!whether )the criteria of MARAC are met(?!, or)", _meets_marac),
    (r"the criteria of MARAC are met, or nobody answered in time", outcome("marac", "yes")),
    (r"MARAC is asked only because nobody answered in time", _is_asked_by_the_clock),
    (r"criteria of MARAC are not met on what is known", outcome("marac", "no")),
    (r"criteria of MARAC are not known to be met", outcome("marac", "no", "open")),
    (r"^MARAC: nothing that is known meets its criteria", outcome("marac", "no")),
    (r"^MATAC: nothing that is known meets its criteria", outcome("matac", "no")),
    (r"^MARAC: whether its criteria are met is not known", outcome("marac", "open")),
    (r"^MATAC: whether its criteria are met is not known", outcome("matac", "open")),
    (r"no forum's criteria are met on what is known", outcome("marac", "no", "open")),
    (r"comes before it in the order; it is asked if all before it decline", _is_asked_later),
    (r"comes before it in the order, and a statutory level is not declined here", outcome("mappa", "l2", "l3")),
    (r"is asked first", always),
    (r"nobody has identified the perpetrator yet", fact("perpetrator_known", False)),
    (r"MAPPA level [23] is asked to lead by its victim plan", level("2", "3")),
    (r"level 2 declined", fact("declined_mappa_l2", True)),
    (r"here MATAC leaves level 1 to the lead agency", fact("owned_by_lead_agency", True)),
    (r"here the level 1 plan outranks", level("1")),
    (r"level ([123]) is reviewed", always),
    (r"is a claim to be checked|until that process confirms it", always),
    (r"serious harm is (thought )?likely", fact("serious_harm_likely", True)),
    (r"test for a potentially dangerous person is met", outcome("pdp", "yes")),
    (r"^PDP: its test is not known to be met", outcome("pdp", "no")),
    (r"a licence or order of which not all is known", _not_all_known_of_supervision),
    (
        r"^SUPERVISING_SERVICE: no licence or order is known, or",
        lambda _, f: f["supervised"] is not True or f["mappa_level"] is not None,
    ),
    (r"it is asked to hold a case while the MAPPA level is not known", level("1", "2", "3")),
    (r"a question of MARAC rests", always),
    (r"while one agency manages alone", always),
    (r"whether the criteria of MARAC are met(:| is) not known yet", outcome("marac", "open")),
    (r"meets the criteria of MATAC", outcome("matac", "yes")),
    (r"whether the criteria of MATAC are met(:| is) not known yet", outcome("matac", "open")),
    (r"(?<!whether )IOM manages the perpetrator", fact("iom_registered", True)),
    (r"IOM is not known to manage", lambda d, f: f["iom_registered"] is not True or d.outcomes["iom"] == "none"),
    (r"the force already manages the perpetrator", fact("pdp_case_open", True)),
    (r"the perpetrator is in custody", fact("in_custody", True)),
    (r"not known to be in custody", lambda _, f: f["in_custody"] is not True),
    (r"a service supervises or manages", lambda _, f: f["supervised"] is True or f["mappa_level"] in {"1", "2", "3"}),
    (r"(?<!whether )the perpetrator is supervised(?! or may be)|both are supervised", fact("supervised", True)),
    (r"is supervised or may be", fact("supervised", True, None)),
    (r"is on licence or order|on licence or order:", fact("supervised", True)),
    (r"no level of MAPPA is known", lambda _, f: f["mappa_level"] in {None, "not_managed"}),
    (
        r"^YOUTH_JUSTICE: the perpetrator is not known to be under 18$",
        _not_known_to_be_under("perpetrator_youngest", 18),
    ),
    (r"^CHILDRENS_SOCIAL_CARE: the victim is not known to be under 16$", _not_known_to_be_under("victim_youngest", 16)),
    (r"the perpetrator is under 18 or may be", _under("perpetrator_youngest", 18)),
    (r"the perpetrator is under 10 or may be", fact("perpetrator_too_young", True)),
    (r"the perpetrator is under 16; MATAC", _under("perpetrator_oldest", 16)),
    (r"the victim is under 16; MARAC", _under("victim_oldest", 16)),
    (r"the victim is under 18 or may be", _under("victim_youngest", 18)),
    (r"the victim is under 16 or may be", _under("victim_youngest", 16)),
    (r"where they are is not said", fact("suspect_outstanding", True, None)),
)


def sentences(decision: RoutingDecision) -> Iterator[str]:
    """Everything that a reader is told as so; what is asked for and what is to be done claims nothing."""
    leads = (decision.victim, decision.perpetrator)
    yield from (each.because for each in (*decision.findings, *leads, *decision.supports, *decision.duties))
    yield from (each.says for each in (*decision.warnings, *decision.open))
    yield from (f"{each.forum}: {each.because}" for each in decision.why_not)
    yield from (each.needed for each in decision.near_misses)
    yield from (each.because for each in decision.enquiries)


def untrue(decision: RoutingDecision, facts: Mapping[str, Fact]) -> Iterator[str]:
    for sentence in sentences(decision):
        yield from _untrue(sentence, decision, facts)
    for candidates in (decision.victim_candidates, decision.perpetrator_candidates):
        declined: dict[str, Fact] = {}
        for lead in candidates:
            # Who is asked next is said for the case that everybody before it declines.
            yield from _untrue(lead.because, decision, {**facts, **declined})
            declined[declined_fact(lead.forum)] = True
    stated = {number for each in sentences(decision) for number in HAS_LEVEL.findall(each)}
    if len(stated) > 1:
        yield f"states the levels {', '.join(sorted(stated))}"


def _untrue(sentence: str, decision: RoutingDecision, facts: Mapping[str, Fact]) -> Iterator[str]:
    claims = [so for pattern, so in CLAIMS if re.search(pattern, sentence)]
    if not all(so(decision, facts) for so in claims):
        yield f"not so: {sentence}"
    if NEVER_SAID.search(sentence):
        yield f"says more than is known: {sentence}"


QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_law_l6_every_sentence_is_true_of_what_is_known(known: dict[str, Fact], name: str) -> None:
    decision = decide(every_policy()[name], known)

    assert list(untrue(decision, known)) == []


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_law_l6_no_row_says_who_owns_a_need_which_only_an_acceptance_tells(name: str) -> None:
    policy = every_policy()[name]

    for row in (*policy.victim_rows, *policy.perpetrator_rows):
        assert not re.search(r"\b(owns|keeps|holds|has) (the|finding|it)\b", row.says), row.id


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_law_l6_every_sentence_of_every_example_is_true(name: str) -> None:
    policy = every_policy()[name]

    for example in examples_of(name):
        assert list(untrue(decide(policy, example.given), example.given)) == [], example.name


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_law_l6_every_sentence_about_a_forum_makes_a_claim_that_is_checked(name: str) -> None:
    policy = every_policy()[name]
    told = {each for example in examples_of(name) for each in sentences(decide(policy, example.given))}

    unchecked = [each for each in told if TELLS_OF_A_FORUM.search(each) and not _is_checked(each)]

    assert sorted(unchecked) == []


def _is_checked(sentence: str) -> bool:
    return any(re.search(pattern, sentence) for pattern, _ in CLAIMS)


HAS = re.compile(r"(?:^|; )(?P<who>[^;.:]+?) has (?:it|the victim's safety)\b")
OWNS = re.compile(r"^(?P<who>[^:]+) owns the need about the perpetrator now")
ASKED = re.compile(r"^(?!Nobody |Another case)(?P<who>[^:;]*?) is asked to lead on the (victim's safety|perpetrator)\b")
HOLDS = re.compile(r"^(?P<who>.+) holds the case until somebody else")


def told(decision: RoutingDecision) -> Iterator[str]:
    for audience in (Audience.PRACTITIONER, Audience.CHAIR):
        for passage in explain(decision, audience).passages:
            yield from passage.sentences


def untrue_of_owners(decision: RoutingDecision, facts: Mapping[str, Fact]) -> Iterator[str]:
    """What a reader is told of who has a need, when another has it or the person has died."""
    victim, perpetrator = (forum_name(Forum(str(facts[name]))) for name in ("victim_held_by", "held_by"))
    if facts.get(declined_fact(Forum(str(facts["held_by"])))) is True:
        perpetrator = forum_name(Forum.HUB)
    for sentence in told(decision):
        of_victim = "victim's safety" in sentence
        owner, died = (victim, facts["victim_died"]) if of_victim else (perpetrator, facts["perpetrator_died"])
        said = next((m["who"] for pattern in (HAS, OWNS, HOLDS) if (m := pattern.search(sentence))), None)
        if said is not None and (died is True or said.lower() != owner.lower()):
            yield f"{owner} has it, died: {died}: {sentence}"
        if died is True and ASKED.search(sentence):
            yield f"asked for somebody who died: {sentence}"
        if (asked := ASKED.search(sentence)) and keeps(decision, asked["who"], facts, of_victim=of_victim):
            yield f"{owner} keeps it, and nobody asks: {sentence}"


LADDER = ("MAPPA_L3", "MAPPA_L2", "PRISON_OMU", "YOUTH_JUSTICE", "MAPPA_L1_LEAD_AGENCY", "SUPERVISING_SERVICE", "IOM",
          "MATAC", "DAPP", "PDP", "HUB")  # fmt: skip


def keeps(decision: RoutingDecision, asked: str, facts: Mapping[str, Fact], *, of_victim: bool) -> bool:
    """Whether the owner keeps the need, so that this forum is not asked: as decision 7 says it, counted here anew."""
    if of_victim:
        marac_has = facts["marac_elsewhere"] is True or facts["victim_held_by"] == "MARAC"
        beside = {forum_name(Forum.MARAC), forum_name(Forum.CHILDRENS_SOCIAL_CARE)}
        if decision.outcomes["marac"] != "yes" and marac_has and asked.lower() not in {one.lower() for one in beside}:
            return True
        below, elsewhere = asked.lower() == forum_name(Forum.REFERRING_AGENCY).lower(), "victim_held_elsewhere"
        return below and (facts[elsewhere] is True or facts["marac_elsewhere"] is True)
    names = [forum_name(Forum(one)).lower() for one in LADDER]
    owner = forum_name(decision.held_by).lower()
    below = owner in names and asked.lower() in names and names.index(asked.lower()) > names.index(owner)
    custody = owner == forum_name(Forum.PRISON_OMU).lower() and decision.outcomes["custody"] == "yes"
    return below and (facts["held_elsewhere"] is True or custody)


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_law_l6_who_has_a_need_is_who_accepted_it_and_nobody_is_asked_for_the_dead(
    known: dict[str, Fact], name: str
) -> None:
    decision = decide(every_policy()[name], known)

    assert list(untrue_of_owners(decision, known)) == []


@QUICK
@given(any_facts(), st.sampled_from(sorted(every_policy())))
def test_law_l6_in_short_names_what_is_open_what_is_urgent_and_no_ground_that_is_not_met(
    known: dict[str, Fact], name: str
) -> None:
    decision = decide(every_policy()[name], known)

    short = in_short(decision, ())

    unsettled = [each for each in short if each.startswith("Not settled")]
    still_open = ", ".join(one.outcome.upper() for one in decision.open)
    assert unsettled == ([f"Not settled, because facts are not known: {still_open}."] if still_open else [])
    urgent = sum(duty.life_safety for duty in decision.duties)
    assert f"To do: {len(decision.duties)} in all, {urgent} of them for safety of life." in short
    grounds = {f"{one.outcome.upper()}: {one.because}." for one in decision.findings}
    assert {each for each in short if re.match(r"(MARAC|MATAC|MAPPA): ", each)} <= grounds


def test_law_l6_nobody_is_given_a_reason_why_not_to_lead_for_somebody_who_died() -> None:
    decision = decide(every_policy()["national-baseline"], facts(victim_died=True, judged_high=True, mappa_level="2"))

    told_of_victim = [one for one in told(decision) if "is not asked to lead on the victim's safety" in one]

    assert told_of_victim == []


def test_law_l6_a_wrong_owner_would_be_noticed() -> None:
    known = facts(victim_held_by="MARAC", held_by="IOM")
    decision = decide(every_policy()["national-baseline"], known)

    assert list(untrue_of_owners(decision, known)) == []
    assert len(list(untrue_of_owners(decision, known | {"victim_held_by": "MAPPA_L2"}))) > 0
    assert len(list(untrue_of_owners(decision, known | {"held_by": "DAPP"}))) > 0

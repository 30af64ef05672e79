"""Runs the mutants: each is refused, caught, the same, or alive.

A mutant is refused when the proof at load rejects it, and caught when an example fails. One that differs in no
situation is the same policy in other words. Any other is alive: an example is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import PolicyExample, unmet_expectations
from app.routing.loading.whole_policy_checks import check_whole_policy
from app.routing.policy.faults import Faults, PolicyFault
from app.routing.policy.outcomes import QUESTIONS_BY_NAME
from app.routing.policy.types import Policy
from app.routing.proof.lead_table_proof import prove_tables
from app.routing.proof.outcome_proof import prove_answer
from app.routing.record.decision import RoutingDecision
from tests.routing.examples.part_promises import Promise, broken_promises
from tests.routing.mutation.equivalence import groups_of, says_the_same, with_groups
from tests.routing.mutation.mutants import Mutant, Part, mutants

_PROVED_TABLES = frozenset({"victim_rows", "perpetrator_rows", "supports"})


class Fate(StrEnum):
    """What became of a mutant."""

    REFUSED = "refused"
    CAUGHT = "caught"
    SAME = "same"
    ALIVE = "alive"


@dataclass(frozen=True, slots=True)
class Suite:
    """A policy with the examples that are run against it and the promises it has to keep."""

    policy: Policy
    examples: tuple[PolicyExample, ...]
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class MutantResult:
    """A mutant and its fate; `by` names the example that caught it or the fault that refused it."""

    mutant: Mutant
    fate: Fate
    by: str


@dataclass(frozen=True, slots=True)
class MutationReport:
    """Every verdict. `survivors` are alive and not in a part marked as deliberate cover."""

    verdicts: tuple[MutantResult, ...]

    def count(self, fate: Fate) -> int:
        """How many met that fate."""
        return sum(verdict.fate is fate for verdict in self.verdicts)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mistakes that nothing noticed."""
        return tuple(v.mutant for v in self.verdicts if v.fate is Fate.ALIVE and not v.mutant.cover)


def mutate(suites: Sequence[Suite], made: Iterable[Mutant] | None = None) -> MutationReport:
    """The fate of every mutant of the first suite's policy, tried in every suite that shares the part."""
    runs = [_Run.of(suite) for suite in suites]
    wanted = mutants(suites[0].policy) if made is None else made
    return MutationReport(tuple(_verdict(runs, mutant) for mutant in wanted))


@dataclass(frozen=True, slots=True)
class _Run:
    """A suite whose right decisions are known, so that the likeliest example to notice is run first."""

    suite: Suite
    named: Mapping[str, tuple[PolicyExample, ...]]

    @classmethod
    def of(cls, suite: Suite) -> "_Run":
        named: dict[str, list[PolicyExample]] = {}
        for example in suite.examples:
            for part in _parts_of(decide(suite.policy, example.given)) | _words(example.expect):
                named.setdefault(part, []).append(example)
        return cls(suite, {part: tuple(examples) for part, examples in named.items()})

    def in_order(self, part: str) -> Iterator[PolicyExample]:
        """The examples that name the part first, then every other."""
        first = self.named.get(part, ())
        yield from first
        yield from (example for example in self.suite.examples if example not in first)


def _parts_of(decision: RoutingDecision) -> set[str]:
    leads = {lead.row for lead in (*decision.victim_candidates, *decision.perpetrator_candidates)}
    fired = {finding.rule for finding in decision.findings} | {miss.rule for miss in decision.near_misses}
    rest = {duty.id for duty in decision.duties} | {warning.id for warning in decision.warnings}
    return leads | fired | rest | {support.rule for support in decision.supports}


def _words(expect: Mapping[str, object]) -> set[str]:
    return {
        str(word) for wanted in expect.values() for word in (wanted if isinstance(wanted, (list, dict)) else [wanted])
    }


def _verdict(runs: Sequence[_Run], mutant: Mutant) -> MutantResult:
    wrong = [(run, made) for run in runs if (made := mutant.made_in(run.suite.policy)) is not None]
    if not wrong:
        return MutantResult(mutant, Fate.SAME, "the part is as it was")
    if fault := _refusal(wrong[0][1], mutant):
        return MutantResult(mutant, Fate.REFUSED, fault)
    for run, made in wrong:
        if lapse := next((each for p in run.suite.promises for each in broken_promises(made, p)), None):
            return MutantResult(mutant, Fate.CAUGHT, lapse)
    for run, made in wrong:
        for example in run.in_order(mutant.part):
            if noticed(made, example):
                return MutantResult(mutant, Fate.CAUGHT, example.name)
    if all(_is_same(run.suite.policy, made, mutant) for run, made in wrong):
        return MutantResult(mutant, Fate.SAME, "no situation can show it")
    return MutantResult(mutant, Fate.ALIVE, "")


def _is_same(policy: Policy, made: Policy, mutant: Mutant) -> bool:
    """Whether the mistake is only another spelling: its conditions hold in the same situations as before."""
    if mutant.section not in {"supports", "duties", "warnings"}:
        return False
    before, after = (_part_of(each, mutant) for each in (policy, made))
    if before is None or after is None or with_groups(before, groups_of(after)) != after:
        return False
    return says_the_same(policy, groups_of(before), groups_of(after))


def _part_of(policy: Policy, mutant: Mutant) -> Part | None:
    return next((part for part in getattr(policy, mutant.section) if part.id == mutant.part), None)


def _refusal(policy: Policy, mutant: Mutant) -> str:
    """The first fault that the load would report, or nothing."""
    faults = Faults("", "")
    check_whole_policy(policy, faults)
    found = [*faults.found, *_faults_of_the_proof(policy, mutant)]
    return found[0].message if found else ""


def _faults_of_the_proof(policy: Policy, mutant: Mutant) -> Iterator[PolicyFault]:
    """The faults of what the proof examines of the part: nothing else of the policy changed."""
    outcomes = {rule.outcome for rule in policy.rules if rule.id == mutant.part} or set(QUESTIONS_BY_NAME)
    if mutant.section == "rules":
        examined = [prove_answer(policy, QUESTIONS_BY_NAME[name]) for name in sorted(outcomes)]
    else:
        examined = list(prove_tables(policy)) if mutant.section in _PROVED_TABLES else []
    return (fault for _, _, faults in examined for fault in faults)


def noticed(policy: Policy, example: PolicyExample) -> bool:
    """Whether the example does not come out as it says."""
    return next(unmet_expectations(decide(policy, example.given), example.expect), None) is not None

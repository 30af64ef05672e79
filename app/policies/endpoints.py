"""Policies to read: as data, as the text that was approved, as a handbook, with proof, cases and differences."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading
from app.foundation.errors import Invalid, NotFound
from app.policies.change_schemas import ActivationOut, ChangelogOut
from app.policies.presenters import show_diff, show_line, show_policy
from app.policies.publishing import Format, asked_format, published
from app.policies.registry import Shelved, find, shelf, taken_down
from app.policies.repository import activations_of_policy, draft_by_id
from app.policies.schemas import (
    CasesOut,
    DiffOut,
    PoliciesOut,
    PolicyExampleOut,
    PolicyOut,
    ProofOut,
    ProvedOut,
)
from app.routing.comparison.compare import TooManySituationsError, compare
from app.routing.comparison.difference_wording import labels
from app.routing.engine.decide import decide
from app.routing.examples.example_files import cases_of, cases_text
from app.routing.examples.policy_examples import PolicyExample, differing
from app.routing.handbook.confidence import LAWS
from app.routing.proof.prove import prove

router = APIRouter(prefix="/v1", tags=["policies"])
Version = Annotated[
    str | None, Query(max_length=40, description="A version; none means the one that decides now")
]


@router.get("/policies", operation_id="listPolicies", summary="Every policy version in service")
def list_policies(call: Reading) -> PoliciesOut:
    """Nothing here is about a case."""
    all_ = shelf(call.session)
    return PoliciesOut(items=[show_line(each, call.now, all_) for each in all_])


@router.get(
    "/policies/{policy_id}",
    operation_id="getPolicy",
    response_model=PolicyOut,
    summary="A policy as JSON, as its TOML text, as its handbook, or its lead tables as DMN",
)
def get_policy(
    policy_id: str,
    call: Reading,
    version: Version = None,
    format: Annotated[Format | None, Query()] = None,  # noqa: A002 - the word callers write
) -> Response:
    """`format`, or else the `Accept` header, says which. The ETag is the fingerprint that decisions name."""
    shelved = find(call.session, policy_id, version, call.now)
    wanted = asked_format(format, call.request.headers.get("accept", ""))
    shown = show_policy(shelved, call.now, shelf(call.session, policy_id)) if wanted is Format.JSON else None
    return published(shelved, wanted, shown, call.request.headers.get("if-none-match"))


@router.get(
    "/policies/{policy_id}/proof", operation_id="getPolicyProof", summary="What was proved of a policy"
)
def get_policy_proof(
    policy_id: str,
    call: Reading,
    version: Version = None,
) -> ProofOut:
    """The proof is run for this answer; a policy that failed it would not be in service."""
    policy = find(call.session, policy_id, version, call.now).policy
    report = prove(policy)
    return ProofOut(
        policy=f"{policy.id} {policy.version}",
        sha256=policy.sha256,
        holds=not report.faults,
        situations=sum(each.situations for each in report.proved),
        proved=[ProvedOut.model_validate(each) for each in report.proved],
        laws=list(LAWS),
    )


@router.get(
    "/policies/{policy_id}/cases",
    operation_id="listPolicyCases",
    response_model=CasesOut,
    summary="The cases that ship beside a policy, run now",
)
def list_policy_cases(
    policy_id: str,
    call: Reading,
    version: Version = None,
    format: Annotated[Format | None, Query()] = None,  # noqa: A002
) -> Response | CasesOut:
    """With `format=toml` as the files themselves, so that another partnership can run them against its policy."""
    shelved = find(call.session, policy_id, version, call.now)
    if format is Format.TOML:
        return Response(cases_text(policy_id), media_type="application/toml; charset=utf-8")
    shown = [_run(shelved, case) for case in cases_of(policy_id)]
    return CasesOut(ran=len(shown), failed=sum(not case.holds for case in shown), items=shown)


def _run(shelved: Shelved, case: PolicyExample) -> PolicyExampleOut:
    differs = list(differing(decide(shelved.policy, case.given), case.expect))
    return PolicyExampleOut(
        name=case.name,
        source=case.source,
        given=dict(case.given),
        expect=dict(case.expect),
        holds=not differs,
        differs=differs,
    )


@router.get(
    "/policies/{policy_id}/changelog",
    operation_id="getPolicyChangelog",
    summary="Every activation of a policy, with the difference that wrote its entry",
)
def get_policy_changelog(policy_id: str, call: Reading) -> ChangelogOut:
    rows = activations_of_policy(call.session, policy_id)
    return ChangelogOut(items=[ActivationOut.model_validate(row) for row in rows])


@router.get(
    "/policy-diffs",
    operation_id="comparePolicies",
    summary="The exact difference between two policies, in words",
)
def compare_policies(
    call: Reading,
    old: Annotated[
        str, Query(alias="from", max_length=120, description="`id`, `id@version`, or a draft's id")
    ],
    new: Annotated[str, Query(alias="to", max_length=120)],
) -> DiffOut:
    """Every situation that comes out differently; two policies that say the same have an empty difference."""

    def named(name: str) -> Shelved:
        if name.startswith("pdr_"):
            draft = draft_by_id(call.session, name)
            if draft is None:
                raise NotFound("there is no such draft")
            return taken_down(draft, "draft")
        policy_id, _, version = name.partition("@")
        return find(call.session, policy_id, version or None, call.now)

    was, now = named(old).policy, named(new).policy
    try:
        return show_diff(compare(was, now), labels(was, now))
    except TooManySituationsError as error:
        raise Invalid(f"these two cannot be compared exactly: {error}", code="incomparable") from None

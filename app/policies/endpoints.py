"""Reads policies: as data, as approved text, as handbook, with proof, examples, changelog and differences."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading
from app.foundation.errors import Invalid
from app.policies.change_presenters import diff_out
from app.policies.change_schemas import ActivationOut, ChangelogOut
from app.policies.lookup import find_policy, find_policy_or_draft
from app.policies.presenters import example_out, policy_out, policy_summary_out, proof_out
from app.policies.publishing import PolicyFormat, policy_response, requested_format
from app.policies.registry import registered_policies
from app.policies.repository import activations_of_policy
from app.policies.schemas import DiffOut, PoliciesOut, PolicyExamplesOut, PolicyOut, ProofOut
from app.routing.comparison.compare import TooManySituationsError, compare
from app.routing.comparison.difference_wording import condition_labels
from app.routing.examples.example_files import examples_of, examples_text

router = APIRouter(prefix="/v1", tags=["policies"])
Version = Annotated[
    str | None, Query(max_length=40, description="A version; without one, the version that decides now")
]


@router.get("/policies", operation_id="listPolicies", summary="Every policy version in service")
def list_policies(call: Reading) -> PoliciesOut:
    """Lists each version with when it decides. A policy holds nothing about a case."""
    all_ = registered_policies(call.session)
    return PoliciesOut(items=[policy_summary_out(each, call.now, all_) for each in all_])


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
    format: Annotated[PolicyFormat | None, Query()] = None,  # noqa: A002 - the word callers write
) -> Response:
    """`format` chooses the form, else the `Accept` header. The ETag holds the fingerprint that decisions name."""
    found = find_policy(call.session, policy_id, version, call.now)
    wanted = requested_format(format, call.request.headers.get("accept", ""))
    shown = None
    if wanted is PolicyFormat.JSON:
        shown = policy_out(found, call.now, registered_policies(call.session, policy_id))
    return policy_response(found, wanted, shown, call.request.headers.get("if-none-match"))


@router.get("/policies/{policy_id}/proof", operation_id="getPolicyProof", summary="What was proved of a policy")
def get_policy_proof(policy_id: str, call: Reading, version: Version = None) -> ProofOut:
    """The proof runs for this answer; a policy that fails it is never in service."""
    return proof_out(find_policy(call.session, policy_id, version, call.now).policy)


@router.get(
    "/policies/{policy_id}/examples",
    operation_id="listPolicyExamples",
    response_model=PolicyExamplesOut,
    summary="The examples that ship with a policy, run now",
)
def list_policy_examples(
    policy_id: str,
    call: Reading,
    version: Version = None,
    format: Annotated[PolicyFormat | None, Query()] = None,  # noqa: A002 - the word callers write
) -> Response | PolicyExamplesOut:
    """`format=toml` gives the files themselves, so that another partnership can run them against its policy."""
    policy = find_policy(call.session, policy_id, version, call.now).policy
    if format is PolicyFormat.TOML:
        return Response(examples_text(policy_id), media_type="application/toml; charset=utf-8")
    items = [example_out(policy, example) for example in examples_of(policy_id)]
    return PolicyExamplesOut(ran=len(items), failed=sum(not each.holds for each in items), items=items)


@router.get(
    "/policies/{policy_id}/changelog",
    operation_id="getPolicyChangelog",
    summary="Every activation of a policy, with its difference from the version before",
)
def get_policy_changelog(policy_id: str, call: Reading) -> ChangelogOut:
    """Says so when there is no such policy: an empty changelog is that of a policy that nobody put in force."""
    find_policy(call.session, policy_id, None, call.now)
    rows = activations_of_policy(call.session, policy_id)
    return ChangelogOut(items=[ActivationOut.model_validate(row) for row in rows])


@router.get(
    "/policy-diffs",
    operation_id="comparePolicies",
    summary="The exact difference between two policies, in words",
)
def compare_policies(
    call: Reading,
    old: Annotated[str, Query(alias="from", max_length=120, description="`id`, `id@version`, or a draft's id")],
    new: Annotated[str, Query(alias="to", max_length=120)],
) -> DiffOut:
    """Lists every situation that comes out differently; the difference of two policies that say the same is empty."""
    was, now = (find_policy_or_draft(call.tx, name).policy for name in (old, new))
    try:
        return diff_out(compare(was, now), condition_labels(was, now))
    except TooManySituationsError as error:
        raise Invalid(f"these two cannot be compared exactly: {error}", code="incomparable") from None

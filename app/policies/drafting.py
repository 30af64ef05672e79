"""Drafts a policy: proves the text that a person sends and stores it. A draft decides nothing."""

from app.foundation.errors import Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.policies.authority import drafting_person
from app.policies.change_schemas import DraftRequest, PolicyTextRequest
from app.policies.models import PolicyDraft
from app.policies.registry import RegisteredPolicy, base_of_text, proved_policy
from app.routing.loading.drafts import refuse_whole
from app.routing.loading.loader import PolicyFile
from app.routing.policy.faults import PolicyErrors


def prove_draft(sent: PolicyTextRequest) -> RegisteredPolicy:
    """Returns the proved draft, or `Invalid` with every fault: its file, its line and the situation that breaks it."""
    try:
        refuse_whole(PolicyFile(sent.name, sent.text))
        base = base_of_text(sent.text)
        policy = proved_policy(sent.name, sent.text, base.text if base else None)
    except PolicyErrors as refused:
        raise refused_policy(refused) from None
    return RegisteredPolicy(policy, PolicyFile(sent.name, sent.text), base, "draft")


def refused_policy(refused: PolicyErrors) -> Invalid:
    """Returns the faults of a policy as a problem that an editor can show line by line."""
    found = [(*_file_and_line(fault.place), fault) for fault in refused.faults]
    return Invalid(
        f"the policy is refused for {len(found)} reason(s); `policy_faults` gives file, line and situation of each",
        code="policy-refused",
        faults=[RequestFault("/text", "policy", str(fault.message)) for _, _, fault in found],
        policy_faults=[
            {"file": file, "line": line, "message": fault.message, "situation": fault.situation or None}
            for file, line, fault in found
        ],
    )


def _file_and_line(place: str) -> tuple[str, int | None]:
    file, _, line = place.rpartition(":")
    return (file, int(line)) if line.isdigit() else (place, None)


def draft_policy(tx: Transaction, sent: DraftRequest) -> PolicyDraft:
    """Stores the proved draft, for the areas that are to follow it."""
    proved = prove_draft(sent)
    areas = sorted(set(sent.areas))
    person = drafting_person(tx, proved.policy.id, areas)
    draft = PolicyDraft(
        id=new_id("pdr"),
        areas=areas,
        policy_id=proved.policy.id,
        version=proved.policy.version,
        in_force=proved.policy.in_force,
        text=sent.text,
        base_text=proved.base.text if proved.base else None,
        sha256=proved.policy.sha256,
        drafted_by=person,
        drafted_at=tx.now,
    )
    tx.session.add(draft)
    tx.session.flush()
    return draft

"""A policy is written, proposed, and put in force by a second person; the difference writes its changelog."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Forbidden, Invalid, NotFound, RequestFault
from app.foundation.identifiers import new_id
from app.policies import repository
from app.policies.change_schemas import ActivationReasonRequest, ActivationRequest, DraftRequest
from app.policies.models import PolicyActivation, PolicyDraft, PolicyProposal
from app.policies.registry import Shelved, base_for, proved, shelf, taken_down
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import labels, told
from app.routing.loading.loader import PolicyFile
from app.routing.policy.faults import PolicyErrors
from app.routing.policy.types import Departure, Policy


def deciding_person(caller: Caller) -> str:
    """The named person who decides, in one spelling, so that two spellings of one name are not two persons."""
    caller.named_person("no program proposes a policy or puts it in force")
    return f"{caller.agency}/{(caller.on_behalf_of or '').strip().casefold()}"


def read_draft(session: Session, sent: DraftRequest) -> Shelved:
    """The proved draft, or `Invalid` with every fault: its file, its line and the situation that breaks it."""
    try:
        base = base_for(session, sent.text)
        policy = proved(sent.name, sent.text, base.text if base else None)
    except PolicyErrors as refused:
        raise refusal(refused) from None
    return Shelved(policy, PolicyFile(sent.name, sent.text), base, "draft")


def refusal(refused: PolicyErrors) -> Invalid:
    """The refusal of a policy as a problem that an editor can show line by line."""
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


def draft(session: Session, caller: Caller, sent: DraftRequest, now: datetime) -> PolicyDraft:
    """The draft is on record, proved; nothing is routed by it."""
    written = read_draft(session, sent)
    _refuse_foreign(session, caller, written.policy)
    made = PolicyDraft(
        id=new_id("pdr"),
        policy_id=written.policy.id,
        version=written.policy.version,
        in_force=written.policy.in_force,
        text=sent.text,
        base_text=written.base.text if written.base else None,
        sha256=written.policy.sha256,
        drafted_by=deciding_person(caller),
        drafted_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _refuse_foreign(session: Session, caller: Caller, policy: Policy) -> None:
    """Whoever changes a policy answers for every area that it routes."""
    foreign = set(repository.areas_routed_by(session, policy.id)) - caller.areas
    if foreign:
        raise Forbidden(
            f"{policy.id} routes areas that are not yours; write a local policy that extends it instead",
            code="policy-of-other-areas",
        )


def find_draft(session: Session, draft_id: str) -> PolicyDraft:
    """The draft, or `NotFound`."""
    found = repository.draft_by_id(session, draft_id)
    if found is None:
        raise NotFound("there is no such draft")
    return found


def propose(
    session: Session, caller: Caller, drafted: PolicyDraft, sent: ActivationReasonRequest, now: datetime
) -> PolicyProposal:
    """Somebody asks, with a reason, that the draft be put in force."""
    _refuse_foreign(session, caller, taken_down(drafted, "draft").policy)
    repository.take_activation_turn(session)
    if repository.proposal_of(session, drafted.id) is not None:
        raise Conflict("this draft has been proposed already; a second person may activate it")
    made = PolicyProposal(
        id=new_id("ppr"),
        draft_id=drafted.id,
        reason=sent.reason,
        proposed_by=deciding_person(caller),
        proposed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def activate(
    session: Session, caller: Caller, drafted: PolicyDraft, sent: ActivationRequest, now: datetime
) -> PolicyActivation:
    """From its own instant on the draft decides new referrals. No open case is routed by it in silence."""
    repository.take_activation_turn(session)
    proposal = repository.proposal_of(session, drafted.id)
    if proposal is None:
        raise Conflict("this draft has not been proposed; post a proposal with its reason first")
    policy = taken_down(drafted, "draft").policy
    _refuse_foreign(session, caller, policy)
    _refuse_untimely(session, policy, now)
    who = deciding_person(caller)
    if who in {proposal.proposed_by, drafted.drafted_by}:
        raise Conflict(
            "a second person activates a policy: not who wrote it and not who proposed it", code="same-person"
        )
    follows = predecessor(session, policy)
    made = PolicyActivation(
        id=new_id("pac"),
        draft_id=drafted.id,
        drafted_by=drafted.drafted_by,
        proposal_id=proposal.id,
        proposed_by=proposal.proposed_by,
        activated_by=who,
        activated_at=now,
        policy_id=policy.id,
        version=policy.version,
        in_force=policy.in_force,
        approved_where=sent.approved_where,
        follows=follows.named,
        changelog=list(changelog(follows.policy, policy)),
    )
    session.add(made)
    session.flush()
    return made


def _refuse_untimely(session: Session, policy: Policy, now: datetime) -> None:
    """A policy begins later than it is activated, once, and under a version that nobody has used."""
    if policy.in_force <= now:
        raise Conflict(
            "`in_force` has passed: a policy never changes what was decided; draft it with a later one"
        )
    versions = [each.policy for each in shelf(session, policy.id)]
    if any(policy.version == each.version for each in versions):
        raise Conflict(f"{policy.id} {policy.version} is in service already; give the draft a new version")
    if any(policy.in_force == each.in_force for each in versions):
        raise Conflict(f"another version of {policy.id} begins at the very same instant")


def predecessor(session: Session, policy: Policy) -> Shelved:
    """What the policy follows: the version of its own id that it relieves, else the policy it extends."""
    before = [
        each for each in shelf(session, policy.id)
        if each.policy.in_force < policy.in_force and each.policy.sha256 != policy.sha256
    ]  # fmt: skip
    if before:
        return max(before, key=lambda each: each.policy.in_force)
    extended = (each for each in shelf(session) if each.named == policy.extends)
    found = next(extended, None)
    if found is None:
        raise Conflict("a policy that follows none and extends none has nothing to be compared with")
    return found


def changelog(was: Policy, now: Policy) -> Iterator[str]:
    """The exact difference in words, and the reason of each departure that is new."""
    yield from told(compare(was, now), labels(was, now))
    known = set(was.departures)
    yield from (_reason(departure) for departure in now.departures if departure not in known)


def _reason(departure: Departure) -> str:
    return f"Reason for {departure.kind} {departure.id}: {departure.reason} ({departure.source})."

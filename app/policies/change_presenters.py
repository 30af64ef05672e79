"""Builds responses about changes of policies: differences and drafts."""

from sqlalchemy.orm import Session

from app.policies import repository
from app.policies.change_schemas import ActivationOut, ActivationProposalOut, DraftOut
from app.policies.models import PolicyDraft
from app.policies.schemas import AnswerChangeOut, DiffOut, ParameterChangeOut
from app.routing.comparison.compare import PolicyDiff
from app.routing.comparison.difference_wording import difference_lines, set_in_words


def diff_out(diff: PolicyDiff, names: dict[str, str]) -> DiffOut:
    """Returns the difference as data and as lines."""
    lines = list(difference_lines(diff, names))
    return DiffOut(
        old=f"{diff.old[0]} {diff.old[1]}",
        new=f"{diff.new[0]} {diff.new[1]}",
        same=diff.is_empty,
        parameters=[ParameterChangeOut(what=f"{each.name}: {each.was} -> {each.now}") for each in diff.parameters],
        answer_changes=[
            AnswerChangeOut(
                kind=change.kind,
                subject=change.subject,
                label=change.label,
                was=change.was,
                now=change.now,
                situations=change.situations,
                out_of=change.out_of,
                where=[set_in_words(one, names) for one in change.where],
            )
            for change in diff.answer_changes
        ],
        text=lines,
    )


def draft_out(session: Session, draft: PolicyDraft) -> DraftOut:
    """Returns the draft with its proposal and activation, when there is one."""
    proposal = repository.proposal_of(session, draft.id)
    activation = repository.activation_of(session, draft.id)
    state = "activated" if activation else "proposed" if proposal else "drafted"
    names = ("id", "areas", "policy_id", "version", "in_force", "sha256", "drafted_by", "drafted_at")
    return DraftOut(
        **{name: getattr(draft, name) for name in names},
        state=state,
        proposal=ActivationProposalOut.model_validate(proposal) if proposal else None,
        activation=ActivationOut.model_validate(activation) if activation else None,
    )

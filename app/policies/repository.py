"""The queries of the policies room."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.models import Area
from app.foundation.storage.locks import take_turn
from app.policies.models import PolicyActivation, PolicyDraft, PolicyProposal, ShippedText


def take_activation_turn(session: Session) -> None:
    """Waits until no other transaction proposes or activates a policy.

    Two activations at once would each see no other version at their instant, and both would pass.
    """
    take_turn(session, "policy activation")


def draft_by_id(session: Session, draft_id: str) -> PolicyDraft | None:
    return session.scalar(select(PolicyDraft).where(PolicyDraft.id == draft_id))


def draft_by_sha256(session: Session, sha256: str) -> PolicyDraft | None:
    return session.scalar(select(PolicyDraft).where(PolicyDraft.sha256 == sha256).limit(1))


def kept_text(session: Session, sha256: str) -> ShippedText | None:
    return session.scalar(select(ShippedText).where(ShippedText.sha256 == sha256))


def keep_text(session: Session, row: Mapping[str, object]) -> None:
    """Stores the text, unless it is stored."""
    session.execute(insert(ShippedText).values(row).on_conflict_do_nothing())


def all_drafts(session: Session) -> Sequence[PolicyDraft]:
    """Returns every draft, the newest first."""
    return session.scalars(select(PolicyDraft).order_by(PolicyDraft.drafted_at.desc(), PolicyDraft.id)).all()


def proposal_of(session: Session, draft_id: str) -> PolicyProposal | None:
    return session.scalar(select(PolicyProposal).where(PolicyProposal.draft_id == draft_id))


def activation_of(session: Session, draft_id: str) -> PolicyActivation | None:
    return session.scalar(select(PolicyActivation).where(PolicyActivation.draft_id == draft_id))


def activation_by_id(session: Session, activation_id: str) -> PolicyActivation | None:
    return session.scalar(select(PolicyActivation).where(PolicyActivation.id == activation_id))


def activations_of_policy(session: Session, policy_id: str) -> Sequence[PolicyActivation]:
    """Returns every activation of that policy, the latest `in_force` first."""
    return session.scalars(
        select(PolicyActivation)
        .where(PolicyActivation.policy_id == policy_id)
        .order_by(PolicyActivation.in_force.desc())
    ).all()


def activated_drafts(session: Session, policy_id: str | None = None) -> Sequence[PolicyDraft]:
    """Returns the drafts that were put in force, the earliest `in_force` first."""
    query = select(PolicyDraft).join(PolicyActivation, PolicyActivation.draft_id == PolicyDraft.id)
    if policy_id is not None:
        query = query.where(PolicyDraft.policy_id == policy_id)
    return session.scalars(query.order_by(PolicyDraft.in_force)).all()


def areas_routed_by(session: Session, policy_id: str) -> Sequence[str]:
    """Returns the codes of the areas whose referrals that policy routes."""
    return session.scalars(select(Area.code).where(Area.policy_profile == policy_id).order_by(Area.code)).all()

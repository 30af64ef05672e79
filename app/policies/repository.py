"""The queries of the policies room."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.models import Area
from app.foundation.storage.locks import take_turn
from app.policies.models import AreaPolicy, PolicyActivation, PolicyDraft, PolicyProposal, ShippedText


def take_activation_turn(session: Session) -> None:
    """Waits until no other transaction proposes or activates a policy.

    Two activations at once would each see no other version at their instant, and both would pass.
    """
    take_turn(session, "policy activation")


def draft_of(session: Session, activation: PolicyActivation) -> PolicyDraft:
    """Returns the draft that was put in force, which everybody may read."""
    return session.scalars(select(PolicyDraft).where(PolicyDraft.id == activation.draft_id)).one()


def draft_for_areas(session: Session, draft_id: str, areas: Collection[str]) -> PolicyDraft | None:
    """Returns the draft, if every area that it is for is one of these."""
    is_theirs = PolicyDraft.areas.contained_by(list(areas))
    return session.scalar(select(PolicyDraft).where(PolicyDraft.id == draft_id, is_theirs))


def draft_by_sha256(session: Session, sha256: str) -> PolicyDraft | None:
    return session.scalar(select(PolicyDraft).where(PolicyDraft.sha256 == sha256).limit(1))


def kept_text(session: Session, sha256: str) -> ShippedText | None:
    return session.scalar(select(ShippedText).where(ShippedText.sha256 == sha256))


def keep_text(session: Session, row: Mapping[str, object]) -> None:
    """Stores the text, unless it is stored."""
    session.execute(insert(ShippedText).values(row).on_conflict_do_nothing())


def drafts_for_areas(session: Session, areas: Collection[str]) -> Sequence[PolicyDraft]:
    """Returns every draft whose areas are all among these, the newest first."""
    return session.scalars(
        select(PolicyDraft)
        .where(PolicyDraft.areas.contained_by(list(areas)))
        .order_by(PolicyDraft.drafted_at.desc(), PolicyDraft.id)
    ).all()


def proposal_of(session: Session, draft_id: str) -> PolicyProposal | None:
    return session.scalar(select(PolicyProposal).where(PolicyProposal.draft_id == draft_id))


def activation_of(session: Session, draft_id: str) -> PolicyActivation | None:
    return session.scalar(select(PolicyActivation).where(PolicyActivation.draft_id == draft_id))


def activation_for_areas(session: Session, activation_id: str, areas: Collection[str]) -> PolicyActivation | None:
    """Returns the activation, if one of these areas follows the policy by it."""
    return session.scalar(
        select(PolicyActivation).where(
            PolicyActivation.id == activation_id, PolicyActivation.areas.overlap(list(areas))
        )
    )


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


def policy_id_of_area(session: Session, area: str, now: datetime) -> str | None:
    """Returns the id of the policy that people last put in force in the area by this instant; None when nobody did."""
    return session.scalar(
        select(AreaPolicy.policy_id)
        .where(AreaPolicy.area == area, AreaPolicy.in_force <= now)
        .order_by(AreaPolicy.in_force.desc())
        .limit(1)
    )


def areas_ruled_by(session: Session, policy_id: str, now: datetime) -> frozenset[str]:
    """Returns the areas that follow the policy at this instant, or are to follow it later."""
    latest = (
        select(AreaPolicy.area, func.max(AreaPolicy.in_force).label("since"))
        .where(AreaPolicy.in_force <= now)
        .group_by(AreaPolicy.area)
        .subquery()
    )
    first = select(Area.code).outerjoin(latest, latest.c.area == Area.code).where(latest.c.area.is_(None))
    led = select(AreaPolicy.area).outerjoin(latest, latest.c.area == AreaPolicy.area)
    is_current_or_later = AreaPolicy.in_force >= func.coalesce(latest.c.since, now)
    return frozenset(
        session.scalars(
            first.where(Area.policy_profile == policy_id).union(
                led.where(AreaPolicy.policy_id == policy_id, is_current_or_later)
            )
        )
    )


def areas_changing_at(session: Session, areas: Collection[str], at: datetime) -> Sequence[str]:
    """Returns those of the areas that begin to follow a policy at that very instant."""
    return session.scalars(select(AreaPolicy.area).where(AreaPolicy.area.in_(areas), AreaPolicy.in_force == at)).all()

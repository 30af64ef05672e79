"""Builds the response about a link between pseudonyms."""

from sqlalchemy.orm import Session

from app.people.links import LinkedPersons
from app.people.presenters import links_out
from app.people.schemas import LinkEffectOut
from app.referrals.repositories.decision_repository import decisions_across_link, decisions_seen


def link_effect_out(session: Session, linked: LinkedPersons) -> LinkEffectOut:
    """Returns the link with the decisions that count across it. Call it while the session sees across agencies."""
    link = links_out(session, [linked.link])[0]
    joins_nobody_new = linked.one == linked.other
    decisions = [] if joins_nobody_new else decisions_across_link(session, linked.one, linked.other)
    return LinkEffectOut(**link.model_dump(), decisions=list(decisions))


def as_seen(session: Session, effect: LinkEffectOut) -> LinkEffectOut:
    """Returns the same with those decisions alone that the transaction's row scope shows."""
    return effect.model_copy(update={"decisions": list(decisions_seen(session, effect.decisions))})

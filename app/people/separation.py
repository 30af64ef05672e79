"""A victim and the man who harms her are never one person, whatever a mistyped identifier says."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.people import repository
from app.people.identity_graph import in_order, same_person
from app.people.matching import LINKS, RULE, propose
from app.people.models import LinkWithdrawal, PersonLink
from app.people.schemas import LinkGround

MET = "an incident has one as victim and the other as perpetrator"


def keep_apart(session: Session, victim_ref: str, perpetrator_ref: str | None, now: datetime) -> None:
    """No link makes these two one person from now on; links that did are withdrawn and proposed to a person again."""
    if perpetrator_ref is None or perpetrator_ref == victim_ref:
        return
    if not repository.note_apart(session, in_order(victim_ref, perpetrator_ref), now):
        return
    links = repository.links_around(session, [victim_ref])
    if perpetrator_ref in same_person(victim_ref, [(link.one_ref, link.other_ref) for link in links]):
        repository.take_turns(session, [LINKS])
        for link in repository.links_around(session, [victim_ref]):
            _undo(session, link, now)


def _undo(session: Session, link: PersonLink, now: datetime) -> None:
    session.add(
        LinkWithdrawal(
            id=new_id("lwd"),
            area=link.area,
            agencies=link.agencies,
            link_id=link.id,
            reason=f"{MET}; which link was wrong is for a person to say",
            withdrawn_by=RULE,
            withdrawn_at=now,
        )
    )
    session.flush()
    pair = (link.one_ref, link.other_ref)
    if not repository.met_in_one_incident(session, [link.one_ref], [link.other_ref]):
        propose(session, pair, LinkGround.WITHDRAWN_BEFORE, f"{link.reason}, but {MET}", RULE, link.area, now)

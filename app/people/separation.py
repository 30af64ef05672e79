"""Keeps a victim and their perpetrator two persons, even when a mistyped identifier says that they are one."""

from app.foundation.identifiers import new_id
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.people import repository
from app.people.identity_graph import ordered_pair, same_person
from app.people.matching import LINKS_TURN, ProposedLink, record_proposal
from app.people.models import LinkWithdrawal, PersonLink
from app.people.vocabulary import RULE_AUTHOR, LinkGround

IN_ONE_INCIDENT = "an incident has one as victim and the other as perpetrator"


def keep_apart(tx: Transaction, victim_ref: str, perpetrator_ref: str | None) -> None:
    """Makes sure that no link ever joins these two. Links that do so now are withdrawn and proposed to a person."""
    if perpetrator_ref is None or perpetrator_ref == victim_ref:
        return
    if not repository.record_separate_persons(tx.session, ordered_pair(victim_ref, perpetrator_ref), tx.now):
        return
    links = repository.standing_links_from(tx.session, [victim_ref])
    if perpetrator_ref in same_person(victim_ref, [(link.one_ref, link.other_ref) for link in links]):
        repository.take_turns(tx.session, [LINKS_TURN])
        # Read again under the lock: another transaction may have added or withdrawn a link meanwhile.
        for link in repository.standing_links_from(tx.session, [victim_ref]):
            _withdraw_and_propose(tx, link)


def _withdraw_and_propose(tx: Transaction, link: PersonLink) -> None:
    tx.session.add(
        LinkWithdrawal(
            id=new_id("lwd"),
            area=link.area,
            agencies=link.agencies,
            link_id=link.id,
            proposed_by=link.proposed_by,
            reason=f"{IN_ONE_INCIDENT}; a person decides which link was wrong",
            withdrawn_by=RULE_AUTHOR,
            withdrawn_at=tx.now,
        )
    )
    tx.session.flush()
    read_anew(tx.session)
    if not repository.met_in_one_incident(tx.session, [link.one_ref], [link.other_ref]):
        reason = f"{link.reason}, but {IN_ONE_INCIDENT}"
        pair = (link.one_ref, link.other_ref)
        proposed = ProposedLink(pair, LinkGround.WITHDRAWN_BEFORE, reason, RULE_AUTHOR, link.area)
        record_proposal(tx, proposed)

"""Reads how a need stands now: whether its owner stays before the forums below it (`routing.record.owners`)."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Decision
from app.referrals.repositories.decision_repository import decision_by_id, latest_decision_of
from app.referrals.stored_records import answers_of, decision_of, known_facts
from app.routing.policy.types import Fact
from app.routing.record.owners import HELD_ELSEWHERE, Standing, has_ground, standing
from app.vocabulary import Forum, NeedKind

# They rest on what is so of the person, which every case reads: the newest decision of any of them says it.
_READ_IN_EACH_CASE = frozenset({Forum.SUPERVISING_SERVICE, Forum.YOUTH_JUSTICE, Forum.MAPPA_L1_LEAD_AGENCY})


def held_elsewhere(session: Session, need: Need, case_id: str) -> bool:
    """Returns whether the owner stays whatever is decided of this case: by another case, or by a person's decision."""
    owner = repository.current_ownership(session, need)
    decided = list(_newest_decisions(session, need, but=case_id))
    if owner.forum in _READ_IN_EACH_CASE:
        decided = [] if case_id else sorted(decided, key=lambda row: row.number)[-1:]
    return _was_named_by_a_person(session, need, owner) or any(
        has_ground(NeedKind(need.kind), owner.forum, answers_of(row), known_facts(row)) for row in decided
    )


def standing_now(session: Session, need: Need, decided: Decision) -> Standing:
    """Returns how the need stands for this decision of one of its cases, with the owner that it has by now."""
    owner = repository.current_ownership(session, need)
    kind = NeedKind(need.kind)
    facts: Mapping[str, Fact] = {
        **known_facts(decided),
        ("held_by" if kind is NeedKind.PERPETRATOR else "victim_held_by"): owner.forum,
        HELD_ELSEWHERE[kind]: held_elsewhere(session, need, decided.case_id),
        "marac_elsewhere": _marac_is_asked(session, need),
    }
    return standing(kind, answers_of(decided), facts)


def owner_stays(session: Session, need: Need) -> bool:
    """Returns whether the owner stays by any case of the need, or by a person's decision."""
    return held_elsewhere(session, need, "")


def _marac_is_asked(session: Session, need: Need) -> bool:
    waiting = proposal_repository.waiting_proposals(session, need.id, ProposalKind.LEAD)
    return any(one.forum == Forum.MARAC for one in waiting)


def _newest_decisions(session: Session, need: Need, but: str) -> Iterator[Decision]:
    for case_id in repository.cases_of_need(session, need.id):
        newest = latest_decision_of(session, case_id) if case_id != but else None
        if newest is not None:
            yield newest


def _was_named_by_a_person(session: Session, need: Need, owner: Ownership) -> bool:
    """Returns whether a chair, an agency or a transfer named the owner, and not the decision that it accepted on.

    What a person decided, no later decision takes back.
    """
    # The hub and the referring agency own from intake; how long MARAC has a victim, its own rules say.
    if owner.forum in {Forum.HUB, Forum.REFERRING_AGENCY, Forum.MARAC}:
        return False
    proposal = proposal_repository.proposal_by_id(session, owner.proposal_id) if owner.proposal_id else None
    return proposal is None or asked_by_a_person(session, need, proposal)


def asked_by_a_person(session: Session, need: Need, proposal: Proposal) -> bool:
    """Returns whether a chair or an agency asked that forum, and not the decision that the proposal rests on."""
    if repository.override_of_proposal(session, proposal.id) is not None:
        return True
    decided = decision_by_id(session, proposal.decision_id) if proposal.decision_id else None
    return decided is None or proposal.forum not in _named(session, decided, NeedKind(need.kind))


def _named(session: Session, row: Decision, kind: NeedKind) -> set[str]:
    """Returns whom the decision names, to lead or to hold until the lead accepts."""
    decision = decision_of(session, row)
    is_victim = kind is NeedKind.VICTIM_SAFETY
    candidates = decision.victim_candidates if is_victim else decision.perpetrator_candidates
    return {candidates[0].holder, *(one.forum for one in candidates)}

"""The sender takes a request back before it is answered. The owner stays; if nobody else is asked, somebody must ask."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Forbidden
from app.ownership import repository
from app.ownership.models import Need, Proposal
from app.ownership.proposals.answers import refuse_unless_waiting, withdraw
from app.ownership.proposals.declines import ask_again
from app.ownership.proposals.service import LEAD
from app.ownership.schemas import WithdrawalRequest


def take_back(
    session: Session, caller: Caller, proposal: Proposal, need: Need, sent: WithdrawalRequest, now: datetime
) -> None:
    """The forum is no longer asked. It did not say no, so it may be asked again on the same facts."""
    if caller.agency != proposal.sender_agency:
        raise Forbidden(
            "only the agency that sent this proposal can withdraw it; the forum asked may decline"
        )
    refuse_unless_waiting(proposal)
    withdraw(session, proposal, need, sent.reason, caller.answerable, now)
    if proposal.kind == LEAD and not repository.waiting_proposals(session, need.id, LEAD):
        ask_again(session, proposal, need, now, None)

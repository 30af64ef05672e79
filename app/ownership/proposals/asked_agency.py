"""Says who may answer a proposal."""

from app.access.vocabulary import COORDINATORS
from app.foundation.caller import Caller
from app.foundation.errors import Forbidden
from app.ownership.models import Proposal


def refuse_unless_asked(caller: Caller, proposal: Proposal) -> None:
    """Raises `Forbidden` unless the asked agency answers, or the co-ordinator for a post that no agency fills."""
    unfilled = proposal.agency is None and caller.role in COORDINATORS and proposal.area in caller.areas
    if caller.agency != proposal.agency and not unfilled:
        raise Forbidden("only the agency that was asked can answer this proposal")

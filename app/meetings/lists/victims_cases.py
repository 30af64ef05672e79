"""The further cases of the victim of a case: what is asked once for a victim is asked for all of them."""

from sqlalchemy.orm import Session

from app.ownership.repository import cases_of_need, open_needs_of_case
from app.vocabulary import Forum, NeedKind


def other_cases_of_victim(session: Session, case_id: str, forum: Forum) -> tuple[str, ...]:
    """Returns the further cases of the victim; none before another forum than MARAC, which hears about the victim."""
    if forum != Forum.MARAC:
        return ()
    of_victim = (need for need in open_needs_of_case(session, case_id) if need.kind == NeedKind.VICTIM_SAFETY)
    return tuple(one for need in of_victim for one in cases_of_need(session, need.id) if one != case_id)

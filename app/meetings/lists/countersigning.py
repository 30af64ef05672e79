"""A second named person of the sender's agency countersigns what a supervising service returned (D12).

It is an act of that person's own: a name that the sender gives is nobody's signature.
"""

from app.access.directory import areas_of_person
from app.actions.repository import hold_cases
from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict, Forbidden, NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.research_returns import end_request
from app.meetings.record_models import Countersignature, ResearchReturn
from app.meetings.repositories import research_repository


def find_return(tx: Transaction, return_id: str) -> ResearchReturn:
    """Returns the return. Raises `NotFound` for everybody but the agency that made it: nobody else reads it whole."""
    made = research_repository.return_by_id(tx.session, return_id)
    if made is None or made.returned_by.partition("/")[0] != tx.caller.agency:
        raise NotFound("there is no such return, or it is not your agency's")
    return made


def countersign(tx: Transaction, made: ResearchReturn) -> None:
    """Records the countersignature: from now on the return counts. Call it in a scope that sees every row.

    Raises `Invalid` (no-person) for a program, `Forbidden` for the sender and for somebody who does not work in the
    area, and `Conflict` for a return that has been countersigned or needs no signature.
    """
    person = tx.caller.named_person("a return is countersigned by a second named person")
    if not is_second_person(person, made.returned_by) or made.area not in areas_of_person(tx.session, tx.caller):
        raise Forbidden("a return is countersigned by a second person of its agency who works in the area of the case")
    # Of two people who countersign at once, the other is told that it is done.
    hold_cases(tx.session, [made.case_id])
    if not made.needs_countersignature or research_repository.countersignature_of(tx.session, made.id) is not None:
        raise Conflict("this return counts already; nobody else has to countersign it")
    tx.session.add(_signed(tx, made, person))
    tx.session.flush()
    end_request(tx, research_repository.request_of_return(tx.session, made))


def _signed(tx: Transaction, made: ResearchReturn, person: str) -> Countersignature:
    return Countersignature(
        id=new_id("csg"),
        return_id=made.id,
        case_id=made.case_id,
        area=made.area,
        agencies=made.agencies,
        returned_by=made.returned_by,
        countersigned_by=person,
        countersigned_at=tx.now,
    )

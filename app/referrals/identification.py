"""An unidentified perpetrator becomes known: the case is one of these two people from then on.

Every report stays as it was sent; what happened while nobody knew who it was is read as done by the one identified.
"""

from app.foundation.errors import Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.people.separation import keep_apart
from app.people.service import refs_of_same_person
from app.referrals import repository
from app.referrals.models import Case
from app.referrals.schemas.perpetrator import PerpetratorIn


def identify_perpetrator(tx: Transaction, case: Case, stated: PerpetratorIn) -> None:
    """Makes the case one of this couple when a statement says who the perpetrator is. A known perpetrator stays.

    Where the two have a case already, both stand as after a link between pseudonyms: the facts of both are read
    together, and the one opened first continues. Raises `Invalid` when the victim is named.
    """
    if case.perpetrator_ref is not None or not stated.known or stated.ref is None:
        return
    # Locked and read again: two reports may identify somebody at the same time.
    repository.lock_case(tx.session, case.id)
    if case.perpetrator_ref is not None:
        return
    if stated.ref in refs_of_same_person(tx.session, case.victim_ref):
        fault = RequestFault("/perpetrator/ref", "same_person", "name somebody other than the victim")
        raise Invalid("the perpetrator is named by a pseudonym of the victim", faults=[fault])
    keep_apart(tx, case.victim_ref, stated.ref)
    case.perpetrator_ref, case.identified_at = stated.ref, tx.now
    tx.session.flush()

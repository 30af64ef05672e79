"""An unidentified perpetrator becomes known: the case is one of these two people from then on.

Every report stays as it was sent; what happened while nobody knew who it was is read as done by the one identified.
"""

from collections.abc import Collection

from app.foundation.errors import Invalid, RequestFault
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.people.separation import keep_apart
from app.people.service import refs_of_same_person
from app.referrals.models import Case
from app.referrals.repositories import case_repository
from app.referrals.schemas.perpetrator import PerpetratorIn


def identify_perpetrator(tx: Transaction, case: Case, stated: PerpetratorIn) -> None:
    """Makes the case one of this couple when a statement says who the perpetrator is. A known perpetrator stays.

    Where the two have a case already, both stand as after a link between pseudonyms: the facts of both are read
    together, and the one opened first continues. Raises `Invalid` when the victim is named.
    """
    if case.perpetrator_ref is not None or not stated.known or stated.ref is None:
        return
    if stated.ref in refs_of_same_person(tx.session, case.victim_ref):
        fault = RequestFault("/perpetrator/ref", "same_person", "name somebody other than the victim")
        raise Invalid("the perpetrator is named by a pseudonym of the victim", faults=[fault])
    keep_apart(tx, case.victim_ref, stated.ref)
    case.perpetrator_ref, case.identified_at = stated.ref, tx.now
    tx.session.flush()
    read_anew(tx.session)


def refuse_another_perpetrator(tx: Transaction, case: Case, named: str | None, stated: PerpetratorIn) -> None:
    """Raises `Invalid` when a statement about an identified perpetrator names somebody else, or says that nobody knows.

    `named` is the pseudonym under which the referral names them. What is said of another person is of another case:
    stored here, it would be read as said of this one. Locks a case without one: two reports may identify somebody at
    the same time.
    """
    if case.perpetrator_ref is None:
        case_repository.lock_case(tx.session, case.id)
    if case.perpetrator_ref is None:
        return
    if not stated.known:
        fault = RequestFault("/perpetrator/known", "identified", "leave it out: the perpetrator of this case is known")
        raise Invalid("the perpetrator of this case is identified", faults=[fault])
    if stated.ref is not None and stated.ref not in _names_of(tx, case.perpetrator_ref, named):
        says = "name the perpetrator of this case, or refer the victim again with whom you mean"
        raise Invalid(
            "another person is named than the perpetrator of this case",
            faults=[RequestFault("/perpetrator/ref", "another_person", says)],
        )


def _names_of(tx: Transaction, of_case: str, named: str | None) -> Collection[str]:
    return {*refs_of_same_person(tx.session, of_case), *([named] if named else [])}

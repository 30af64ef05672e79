"""Who may change a policy: a named person whose areas, and whose client's areas, are all the areas that it rules."""

from collections.abc import Collection

from app.access.directory import areas_of_person
from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.storage.transaction import Transaction
from app.policies import repository
from app.policies.models import PolicyDraft
from app.routing.loading.catalogue import SHIPPED


def deciding_person(caller: Caller) -> str:
    """Returns the named person who decides, as `AGENCY/name`, or `Invalid` (no-person)."""
    return caller.named_person("no program proposes a policy or puts it in force")


def drafting_person(tx: Transaction, policy_id: str, areas: Collection[str]) -> str:
    """Returns the named person who may draft that policy for these areas, as `AGENCY/name`.

    Raises `Forbidden` for a policy that ships with the product and for areas that are not the person's, and `Invalid`
    when an area that follows the policy is left out.
    """
    if policy_id in SHIPPED:
        raise Forbidden(
            "a policy of this id ships with the product, and a release changes it; draft yours under an id of its own",
            code="shipped-policy",
        )
    person = _ruling_person(tx, policy_id, areas)
    if repository.areas_ruled_by(tx.session, policy_id, tx.now) - set(areas):
        fault = RequestFault("/areas", "incomplete", "name every area that follows this policy")
        raise Invalid("`areas` leaves out an area that follows this policy, and would be ruled by it", faults=[fault])
    return person


def ruling_person(tx: Transaction, draft: PolicyDraft) -> str:
    """Returns the named person who may propose the draft or put it in force, as `AGENCY/name`.

    Raises `Forbidden` when an area that it rules is not the person's, and `Conflict` when an area that the draft is not
    for follows the policy by now.
    """
    person = _ruling_person(tx, draft.policy_id, draft.areas)
    if repository.areas_ruled_by(tx.session, draft.policy_id, tx.now) - set(draft.areas):
        raise Conflict("an area that the draft does not name follows this policy by now; draft it anew for all of them")
    return person


def _ruling_person(tx: Transaction, policy_id: str, areas: Collection[str]) -> str:
    person = deciding_person(tx.caller)
    ruled = repository.areas_ruled_by(tx.session, policy_id, tx.now).union(areas)
    # The client's areas are what its key may do; the person's are what this person answers for.
    if ruled - (tx.caller.areas & areas_of_person(tx.session, tx.caller)):
        raise Forbidden(
            "the policy rules an area that is not yours: your account and this client must both work in every area "
            "that it names or that follows it; a policy under another id rules only the areas that you name",
            code="policy-of-other-areas",
        )
    return person

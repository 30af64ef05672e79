"""Finds the row of a policy that asks MAPPA for a perpetrator whom it does not manage at level 2 or 3."""

from app.routing.policy.types import LeadRow, Policy
from app.vocabulary import Forum

_MANAGED_ALREADY = frozenset({"l2", "l3"})


def row_asking_mappa(policy: Policy) -> LeadRow | None:
    """Returns the first row that asks level 2 for such a perpetrator, or None; it says how long MAPPA has to answer."""
    asking = (row for row in policy.perpetrator_rows if row.lead is Forum.MAPPA_L2 and not _is_managed_there(row))
    return next(asking, None)


def _is_managed_there(row: LeadRow) -> bool:
    """Returns whether the row is for a perpetrator whom MAPPA manages at that level: it only confirms what is so."""
    return any(one.left == "mappa_path" and _MANAGED_ALREADY.issuperset(map(str, one.right)) for one in row.when)

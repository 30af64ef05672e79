"""Finds what a request names, within what the caller may see. What another agency owns is answered as if absent.

Every function raises `NotFound`.
"""

from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.webhooks import delivery_repository, recovery_repository, repository, work_item_repository
from app.webhooks.delivery_repository import DeliveryLine
from app.webhooks.models import Endpoint, Recovery, WorkItem


# Row security leaves out what another agency owns, so "foreign" and "missing" are one case here.
def find_endpoint(session: Session, endpoint_id: str) -> Endpoint:
    endpoint = repository.endpoint_by_id(session, endpoint_id)
    if endpoint is None:
        raise NotFound("there is no such endpoint, or it is not yours to see")
    return endpoint


def find_endpoint_for_change(session: Session, endpoint_id: str) -> Endpoint:
    """Returns the endpoint, locked until the transaction ends."""
    endpoint = repository.endpoint_for_change(session, endpoint_id)
    if endpoint is None:
        raise NotFound("there is no such endpoint, or it is not yours to see")
    return endpoint


def find_delivery_line(session: Session, delivery_id: str) -> DeliveryLine:
    """Returns the delivery with its endpoint and the type of its event."""
    line = delivery_repository.delivery_line(session, delivery_id)
    if line is None:
        raise NotFound("there is no such delivery, or it is not yours to see")
    return line


def find_recovery(session: Session, endpoint_id: str, recovery_id: str) -> Recovery:
    recovery = recovery_repository.recovery_by_id(session, endpoint_id, recovery_id)
    if recovery is None:
        raise NotFound("there is no such recovery, or it is not yours to see")
    return recovery


def find_work_item_for_change(session: Session, item_id: str) -> WorkItem:
    """Returns the item, locked until the transaction ends."""
    item = work_item_repository.work_item_for_change(session, item_id)
    if item is None:
        raise NotFound("there is no such item, or it is not yours to see")
    return item

"""What the operations of this room ask for beside the call: the seal of secrets, and how calls leave the machine."""

from typing import Annotated

from fastapi import Depends, Query, Request

from app.access.dependencies import DatabaseSession
from app.foundation.storage.keys import secret_key_of
from app.webhooks.delivery.client_pool import Transport, transport_for
from app.webhooks.delivery.sealing import Seal, webhook_seal

Limit = Annotated[int, Query(ge=1)]
Cursor = Annotated[str | None, Query(max_length=500)]


def get_transport(request: Request) -> Transport:
    """Returns how calls leave the machine.

    An address is checked before it is stored as it will be before every call.
    """
    return transport_for(request.app.state.settings)


def get_seal(session: DatabaseSession) -> Seal:
    """Returns the seal that secrets are stored under."""
    return webhook_seal(secret_key_of(session))


TheTransport = Annotated[Transport, Depends(get_transport)]
TheSeal = Annotated[Seal, Depends(get_seal)]

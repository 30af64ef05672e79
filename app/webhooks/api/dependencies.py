"""What this room's operations ask for beside caller and session."""

from typing import Annotated

from fastapi import Depends, Request

from app.webhooks.delivery.client_pool import Transport, transport_for
from app.webhooks.delivery.sealing import Seal, seal_from


def get_wire(request: Request) -> Transport:
    """How addresses are checked before they are stored: as they will be when they are called."""
    return transport_for(request.app.state.settings)


def get_seal(request: Request) -> Seal:
    """The seal that secrets are stored under."""
    return seal_from(request.app.state.settings.secret_key)


TheWire = Annotated[Transport, Depends(get_wire)]
TheSeal = Annotated[Seal, Depends(get_seal)]

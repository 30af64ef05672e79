"""What this room's operations ask for beside caller and session."""

from typing import Annotated

from fastapi import Depends, Request

from app.webhooks.sealing import Seal, seal_from
from app.webhooks.senders import Wire, wire_for


def get_wire(request: Request) -> Wire:
    """How addresses are checked before they are stored: as they will be when they are called."""
    return wire_for(request.app.state.settings)


def get_seal(request: Request) -> Seal:
    """The seal that secrets are stored under."""
    return seal_from(request.app.state.settings.secret_key)


TheWire = Annotated[Wire, Depends(get_wire)]
TheSeal = Annotated[Seal, Depends(get_seal)]

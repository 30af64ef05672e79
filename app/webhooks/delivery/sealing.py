"""Webhook secrets at rest, each bound to the endpoint it belongs to."""

from app.foundation.storage.sealing import Seal, seal_for

__all__ = ["Seal", "webhook_seal"]


def webhook_seal(secret_key: str | None) -> Seal:
    """Returns the seal of webhook secrets."""
    return seal_for("webhook secrets", secret_key)

"""Webhook secrets at rest, each bound to the endpoint it belongs to."""

from app.foundation.storage.sealing import Seal, seal_for

__all__ = ["Seal", "seal_from"]


def seal_from(secret_key: str | None) -> Seal:
    """The seal of webhook secrets."""
    return seal_for("webhook secrets", secret_key)

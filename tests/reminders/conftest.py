"""Reminder tests stand on what webhook tests stand on: a furnished area and a real receiver."""

from tests.webhooks.conftest import house, partner, receiver, subscribed

__all__ = ["house", "partner", "receiver", "subscribed"]

"""Reminder tests stand on what webhook tests stand on: a furnished area and a real receiver."""

from tests.webhooks.conftest import partner, receiver, setup, subscribed

__all__ = ["partner", "receiver", "setup", "subscribed"]

"""Reminder tests use the fixtures of the webhook tests: a furnished area and a real receiver."""

from tests.webhooks.conftest import partner, receiver, setup, subscribed

__all__ = ["partner", "receiver", "setup", "subscribed"]

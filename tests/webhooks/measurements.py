"""Saves what a test or proof measured; docs/delivery.md is made of it."""

from bench import measurements


def save_measurement(name: str, size: int, **figures: float | str) -> None:
    """Saves the figures under this name, unless a larger form of the same measurement was saved before."""
    measurements.save_measurement(name, size, figures)

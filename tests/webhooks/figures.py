"""What a test or proof measured, for docs/delivery.md to be made of."""

from bench.figures import leave_figures


def keep_figures(name: str, size: int, **figures: float | str) -> None:
    """The figures stand under this name, unless a larger form of the same measurement left its own before."""
    leave_figures(name, size, figures)

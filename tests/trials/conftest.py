"""What-ifs stand on what policy tests stand on: the owner's engine, and another area of the same baseline."""

from tests.policies.conftest import neighbours, owner

__all__ = ["neighbours", "owner"]

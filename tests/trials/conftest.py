"""The areas of the policy tests, for the tests that try policies on stored decisions."""

from tests.policies.conftest import neighbours, owner  # noqa: F401 - fixtures

"""The statistics are counted over meetings, so their tests use the fixtures of the tests of meetings."""

from tests.meetings.conftest import excluding, sitting

__all__ = ["excluding", "sitting"]

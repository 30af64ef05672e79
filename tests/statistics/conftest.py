"""The figures count what meetings did: the same sitting, and the area that routes by the rules of 2018."""

from tests.meetings.conftest import excluding, sitting

__all__ = ["excluding", "sitting"]

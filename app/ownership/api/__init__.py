"""Needs, proposals and transfers over HTTP, and how they are shown."""

"""Signing in and out with an API key, and who views a page."""

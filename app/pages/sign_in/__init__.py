"""Signing in and out, and who is looking at a page."""

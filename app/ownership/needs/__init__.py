"""Decisions about a need: a chair overrides, a need ends, a victim moves to another area."""

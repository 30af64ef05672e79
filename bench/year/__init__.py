"""Plays a force's year against the real service, and writes docs/year.md from what the service's rows say of it."""

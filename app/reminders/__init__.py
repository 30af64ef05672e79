"""Reminders: a ladder of timers for anything that a person must look at. Every rung ends in an event or a reason."""

"""Tries a policy on stored decisions: what it would have decided, and which open cases a person should look at."""

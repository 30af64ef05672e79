"""Policies tried on what is stored: what would have been decided, and which open cases a person should look at."""

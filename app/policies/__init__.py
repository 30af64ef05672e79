"""Policies: read, compared, drafted, and put in force by a second person."""

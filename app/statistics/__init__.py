"""Counts what forums did in an area and period, for boards and reviews."""

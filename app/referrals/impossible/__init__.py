"""Refuses what cannot be: days that have not come, periods that run backwards, one person in both roles."""

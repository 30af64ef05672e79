"""Tells each post what came due for it: one digest on each working day, and a call at once for a danger."""

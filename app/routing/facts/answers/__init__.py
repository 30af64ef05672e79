"""Reads a risk form by its answers: its questions by neutral keys, its totals, and the dangers that it tells of."""

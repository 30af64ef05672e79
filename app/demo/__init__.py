"""Synthetic people only: a furnished area for a first look, and the Jean review replayed day by day."""

"""A demonstration area for a first look, and the Jean review replayed day by day. All people are synthetic."""

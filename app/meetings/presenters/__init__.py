"""Builds the responses of this room. Each row passes the row filter of the caller."""

"""Clients: an agency's administrator adds, rotates and suspends the keys of its systems, and every change is kept."""

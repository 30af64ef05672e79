"""Accounts: an agency's administrator adds, moves and suspends its people, and every change stays on record."""

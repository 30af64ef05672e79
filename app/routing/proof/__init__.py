"""Proves that a policy holds in every situation."""

"""The record of a decision: its fields, its JSON and its fingerprint."""

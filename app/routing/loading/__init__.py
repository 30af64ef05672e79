"""Loads a policy from its TOML text: reads it, lays it over its base, checks and proves it, or refuses it."""

"""A policy from its TOML text: read, laid over its base, checked, proved, or refused."""

"""Throttle: how many calls a client, a person or an address may make, counted where all processes see it."""

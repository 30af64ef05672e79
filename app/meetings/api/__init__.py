"""The meetings room's endpoints."""

"""The webhooks room's endpoints."""

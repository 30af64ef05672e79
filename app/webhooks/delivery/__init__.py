"""Delivers events: queue, signing, sending, recording, retries, alarms."""

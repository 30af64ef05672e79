"""Makes the calls that are owed: queue, signing, sending, recording, retries, alarms."""

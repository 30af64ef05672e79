"""The shape of a decision, and its serialisation and fingerprint."""

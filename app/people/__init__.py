"""Which pseudonyms are one person: identifiers stored as keyed hashes, and links that people assert and can withdraw."""

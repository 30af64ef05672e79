"""Which pseudonyms are one person: identifiers as keyed hashes, and links that people assert and can withdraw."""

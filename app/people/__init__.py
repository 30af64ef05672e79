"""Which pseudonyms are one person: identifiers kept as keyed hashes, and links that are asserted and can be undone."""

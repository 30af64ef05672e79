"""The token endpoint: a client proves itself by a secret or a signature, and gets an access token for ten minutes."""

"""What every room uses: database, clock, errors, settings, HTTP. Knows nothing of MARAC."""

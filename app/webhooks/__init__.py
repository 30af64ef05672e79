"""Tells subscribers what happened: leased deliveries, signed calls, guarded addresses. Knows only the outbox."""

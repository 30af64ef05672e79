"""Sends events to subscribers: leased deliveries, signed calls, guarded addresses. Knows only the outbox."""

"""The calendar and the lists: cycles, listings, research requests, invitations, repeat windows."""

"""The calendar of meetings and their lists: cycles, listings, deferrals, invitations and research."""

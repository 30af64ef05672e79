"""The timeline of a case across all rooms: what happened, when, and which agencies were told."""

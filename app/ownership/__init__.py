"""Who owns each need at every instant: a forum owns it once it accepts, and a decline leaves the present owner."""

"""A ladder of timers for anything that must be looked at: every rung ends in one event or one recorded reason."""

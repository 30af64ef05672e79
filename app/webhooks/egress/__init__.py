"""Where a call may go: callback URLs, network addresses, guarded connections."""

"""Two policies compared exactly, and what another policy would have decided."""

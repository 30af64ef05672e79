"""Actions over HTTP, and actions as they are shown."""

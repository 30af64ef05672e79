"""The ownership room's endpoints, and needs and proposals as they are shown."""

"""Facts about what protects people by steps: children and their settings, disclosure to a partner."""

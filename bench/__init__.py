"""Measurements behind the decision notes; nothing here is imported by the service."""

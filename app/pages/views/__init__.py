"""Reads what each page shows, before it is rendered."""

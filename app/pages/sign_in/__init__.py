"""Signing in at an identity provider, or by choosing a person in development; signing out; who views a page."""

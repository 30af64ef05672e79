"""Decides: facts and a prepared policy in, one decision out."""

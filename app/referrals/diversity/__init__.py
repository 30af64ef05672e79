"""Keeps what is counted of victims and decides nothing: ethnic group, disability, sexuality, sex."""

"""Writes policies and decisions for readers: handbook, explanation, DMN, transparency record."""

"""Reads what is on record of one perpetrator, over all pseudonyms and cases, from what agencies stated."""

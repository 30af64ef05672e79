"""Whom a decision asks to lead, and what becomes of an earlier request that it no longer makes."""

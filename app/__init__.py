"""Referral routing across MARAC, MATAC and MAPPA, with an accepted owner for every need."""

__version__ = "0.1.0"

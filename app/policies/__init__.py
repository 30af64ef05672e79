"""Policies over HTTP: read, compared, tried on a referral, drafted, and put in force by a second person."""

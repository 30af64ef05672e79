"""Request schemas of referrals: the facts that an agency sends.

A fact left out is not known; the policy says what silence means. The sections mirror `routing.facts.snapshot`, so that
the conversion to facts adds nothing.
"""

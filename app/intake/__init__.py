"""Where a referral, an incident or a fact arrives, and is stored, routed, owned and acted on in one transaction.

It ties the other rooms together and holds no rule of its own.
"""

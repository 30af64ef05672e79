"""The policy and the pure engine that applies it: no database, no web, no clock.

What belongs here: facts, rules as data, lead tables, duties, their proof and their explanation.
What does not: how a referral is stored, who has accepted, when a reminder fires.
"""

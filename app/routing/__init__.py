"""The policy and the engine that applies it, as pure functions: no database, no web, no clock.

Here: facts, rules as data, lead tables, duties, their proof and their explanation.
Elsewhere: how a referral is stored, who has accepted, when a reminder fires.
"""

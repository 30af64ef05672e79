"""The statute that policies rest on, as reviewable data with dates. It is reference data and not policy.

The files stand in `policies/law`. No overlay may change them; they are read and checked once, before any policy is.
"""

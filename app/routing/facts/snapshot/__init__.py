"""A snapshot: what a referral says and what earlier ones said, as routing receives it.

It holds no rule and no count; `derived` makes those. A field that can be unknown is `X | None`, and None always means
"not known", never "no". Instants are UTC, dates are civil dates in Europe/London, references are pseudonyms.
"""

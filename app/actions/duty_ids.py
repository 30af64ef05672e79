"""The ids of the policy's duties that this room treats in a way of their own."""

# Every duty of the domestic violence disclosure scheme: D27, D28 in its variants, D29 and D29r.
DISCLOSURE_SCHEME = ("D27", "D28", "D29")

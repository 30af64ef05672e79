"""The audit trail: who read, changed or was told what, and when, in the transaction of the act itself."""

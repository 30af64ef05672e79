"""Who read, changed or was told what, when: one function, one append-only table, the same transaction."""

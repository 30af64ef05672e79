"""Access: who may call which operation and sees which rows. Denies by default; one matrix, one authentication."""

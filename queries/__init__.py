"""What is derived from the ledger and asked of a snapshot: the recompute job and its answers."""

"""The border: rows as readers found them become rows of the ledger, with keys, times and masks."""

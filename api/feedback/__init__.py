"""What comes back from those who were answered: tokens, the durable spool, and its way into the ledger."""

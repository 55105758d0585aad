"""Readers: one leaf module for each input format; each yields the same records for the ledger."""

"""Rank 0-100: five parts, their weights, and how sure a place is."""

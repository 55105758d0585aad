"""What the match graph is and where it lives: words, ledger, snapshot. Knows nothing of the other packages."""

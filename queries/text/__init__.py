"""Words and texts: tokens, spelling, names in texts, how alike two texts are, and encoders."""

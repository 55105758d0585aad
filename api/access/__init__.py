"""Who may ask for what: API keys and how often."""

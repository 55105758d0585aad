"""The HTTP API, its pages and what runs them."""

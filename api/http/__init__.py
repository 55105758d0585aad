"""The HTTP API: its routes, what each request passes on its way, and where searches run."""

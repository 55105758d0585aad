"""The front doors: command line, pages and services. Uses all other packages; nothing uses it."""

"""The running server: the application that joins all doors, what lives as long as it, and where it listens."""

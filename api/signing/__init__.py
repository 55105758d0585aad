"""Signed documents: canonical JSON, Ed25519 keys and their rotation, and checking without a server."""

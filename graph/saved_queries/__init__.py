"""Saved queries: what analysts of a match graph ask, in several languages, as files that can be read and copied."""

"""Encoders: from texts to vectors whose products say how alike in meaning the texts are."""

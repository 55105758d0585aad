"""From a need in words to what serves it: the text index, past searches, fusion and confidence."""

"""What the counts prove: strength, success and head-to-head results, each with its interval."""

"""What the log says, counted: which searches and choices count, on any engine, block by block."""

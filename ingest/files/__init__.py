"""Files as streams of lines, rows and documents: read within bounds, every bad piece named with its place."""

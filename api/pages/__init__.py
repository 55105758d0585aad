"""The pages for people, made on the server; they work without scripts."""

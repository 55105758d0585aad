"""What else there is: alternatives, complements, concepts and duplicates."""

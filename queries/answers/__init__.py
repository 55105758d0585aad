"""What is asked of a snapshot: search, compare, show, lists, explanations and passports."""

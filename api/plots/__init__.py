"""Pictures of answers, with matplotlib (the extra `plots`): the same bytes for the same answer."""

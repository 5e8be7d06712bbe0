"""Building blocks of the name finder's training: sources, names, variety, scores."""

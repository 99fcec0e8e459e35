"""Independent siblings; each states what is promised and listens to facts."""

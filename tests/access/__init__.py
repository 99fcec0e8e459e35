"""Who may see and do what, held against tables written by hand."""

"""The group's public page and its other written forms, in and out."""

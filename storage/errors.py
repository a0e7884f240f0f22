"""What can be wrong with a database before the bot has even begun."""


class StorageError(Exception):
    """The database cannot be used as asked; the text is one line that says why and what to do."""

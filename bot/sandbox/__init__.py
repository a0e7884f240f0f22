"""A strict Bot API server on loopback, with people, chats and a clock of its own."""

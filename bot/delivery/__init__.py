"""From a row of the ledger to a message in a chat, and back to what became of it."""

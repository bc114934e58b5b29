"""What the user's language model said, and how often it was asked: rows of the store, by account, model and prompt."""

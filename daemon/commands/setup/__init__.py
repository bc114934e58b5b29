"""The commands by which Kept is set up: `init`, `auth`, `check` and `service`. They are imported as the other commands are."""

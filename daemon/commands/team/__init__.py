"""The commands for the people of a team. `people` defines them; they are imported as the other commands are."""

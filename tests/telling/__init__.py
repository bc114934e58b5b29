"""How stories are told: each line of one becomes a fact."""

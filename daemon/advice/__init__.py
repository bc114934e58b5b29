"""What the user's own language model is asked, and what of its answers counts: pure, and never trusting.

It may import the glossary, `core` and the readers' values. `daemon.accounts` asks the model (`connectors.chat`) and stores what it said.
"""

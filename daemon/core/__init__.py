"""The pure heart: facts, decisions and a charter in, obligations and actions out. No I/O, no clock."""

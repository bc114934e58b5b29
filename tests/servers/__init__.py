"""What the tests talk to: real servers on loopback, and checked stand-ins for those that cannot run here."""

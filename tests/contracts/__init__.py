"""What every provider of mail and of calendars must keep: one class of tests each, inherited for each provider."""

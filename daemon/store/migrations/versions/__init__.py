"""One file for each change of the tables. Revisions are four digits, so that they sort as text."""

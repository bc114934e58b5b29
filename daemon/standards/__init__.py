"""The standards of service, one file each. `ALL` is the list that the assessment walks."""

"""What people read: an assessment turned into text and HTML. Pure; templates lie beside the modules."""

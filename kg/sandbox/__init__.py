"""Work on what we did not write, in a process that can be stopped and that reaches neither network nor disk."""

"""What the office does across rooms in one unit of work."""

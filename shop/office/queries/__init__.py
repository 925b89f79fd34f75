"""What office pages read across rooms."""

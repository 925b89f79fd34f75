"""What the bank says of payouts, from its own files: read row by row, compared, booked one by one, nothing twice."""

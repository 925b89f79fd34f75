"""What leaves the house on paper or as a file.

Callers hand over frozen data, already filtered by consent and rights; out come bytes: the fair catalogue and a maker's
statement (PDF), price lists and bank files (XLSX, CSV), QR codes. The same data give the same bytes. Coming in, a table
somebody else wrote is read row by row within limits. Nothing here knows a database, a request or the time of day.
"""

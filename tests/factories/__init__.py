"""Small worlds for tests, made by the services themselves."""

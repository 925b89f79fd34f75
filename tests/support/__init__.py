"""What the tests stand on: databases, the app, pages, a browser, a whole running shop."""

"""The web server's door: `granian --interface wsgi wsgi:app`, and `flask --app wsgi …`."""

from shop import create_app

app = create_app()

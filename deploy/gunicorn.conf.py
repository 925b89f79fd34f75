"""Gunicorn instead of granian: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`.

Only behind a proxy that buffers requests: eight threads that wait for slow bodies are a shop that does not answer.
Gunicorn is not among the pinned requirements; install it beside them.
"""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 32
timeout = 60
graceful_timeout = 20
keepalive = 5
forwarded_allow_ips = "127.0.0.1"
accesslog = None
raw_env = ["APP_ENV=production"]

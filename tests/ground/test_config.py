"""Settings: read once, nonsense refused before anything starts."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from config import ROOT, Settings
from tests.support.running import bare_environment

REAL = {
    "app_env": "production",
    "secret_key": "k" * 32,
    "base_url": "https://shop.example",
    "stripe_secret_key": "sk_live_1",
    "stripe_webhook_secret": "whsec_1",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_env", "prod"),
        ("port", "0"),
        ("port", "65536"),
        ("port", "eighty"),
        ("web_concurrency", "0"),
        ("web_concurrency", "65"),
        ("currency", "RMB"),
        ("currency", "cny"),
        ("currency", ""),
        ("database_url", "mysql://host/shop"),
        ("database_url", "/var/shop.sqlite3"),
        ("base_url", "shop.example"),
        ("base_url", "ftp://shop.example"),
        ("base_url", "https://shop.example/shop"),
        ("media_url", "s3://bucket"),
        ("demo", "perhaps"),
    ],
)
def test_nonsense_is_refused_and_the_setting_is_named(settings, name, value):
    with pytest.raises(ValidationError) as caught:
        settings(**{name: value})
    (fault,) = caught.value.errors()
    assert name in fault["loc"]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": "k" * 31}, "SECRET_KEY"),
        ({"base_url": ""}, "BASE_URL"),
        ({"base_url": "http://shop.example"}, "BASE_URL"),
        ({"stripe_secret_key": "", "stripe_webhook_secret": ""}, "sandbox"),
        ({"stripe_webhook_secret": ""}, "STRIPE_WEBHOOK_SECRET"),
    ],
)
def test_production_refuses_a_test_double_or_a_weak_key(settings, changed, named):
    assert not settings(**REAL).sandboxed
    with pytest.raises(ValidationError, match=named):
        settings(**{**REAL, **changed})


def test_a_stripe_key_without_its_webhook_secret_is_refused_in_development_too(settings):
    with pytest.raises(ValidationError, match="STRIPE_WEBHOOK_SECRET"):
        settings(stripe_secret_key="sk_test_1")


def test_postgres_addresses_are_understood_in_both_spellings(settings):
    for said in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"):
        assert settings(database_url=said).db_url == "postgresql+psycopg://u@h/d"


def test_without_settings_everything_lies_in_the_instance_folder(settings, tmp_path):
    made = settings(base_url="", port=8123)
    assert made.db_url == f"sqlite:///{tmp_path}/instance/shop.sqlite3"
    assert made.media_path == tmp_path / "instance" / "media"
    assert made.site_url == "http://127.0.0.1:8123"
    assert made.sandboxed


def test_the_development_key_is_made_once_and_readable_by_its_owner_only(settings, tmp_path):
    key = settings(secret_key="").signing_key()
    assert len(key) >= 43
    assert settings(secret_key="").signing_key() == key
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_settings_cannot_be_changed_later(settings):
    with pytest.raises(ValidationError):
        settings().port = 1


def test_the_environment_is_read_without_regard_to_files_of_the_developer(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert Settings(_env_file=None).port == 8123


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_production_serves_no_sandbox_and_no_moved_clock(engine, another_app):
    from shop import clock

    made = another_app(**REAL)
    assert not [rule for rule in made.url_map.iter_rules() if rule.rule.startswith("/sandbox")]
    assert made.test_client().get("/sandbox/", base_url="https://shop.example").status_code == 404
    with pytest.raises(RuntimeError):
        clock.move(None)
    assert made.config["SESSION_COOKIE_SECURE"]


def serve(tmp_path, **environment):
    """`python -m shop.serve` with settings that it should refuse."""
    return subprocess.run(
        [sys.executable, "-m", "shop.serve"],
        cwd=ROOT,
        env=bare_environment() | {"INSTANCE_PATH": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_make_run_refuses_nonsense_with_one_line(tmp_path):
    said = serve(tmp_path, PORT="eighty", CURRENCY="RMB")
    assert said.returncode == 2
    assert said.stdout.count("\n") == 1
    assert "PORT" in said.stdout
    assert "CURRENCY must be one of" in said.stdout
    assert not said.stderr
    assert not list(tmp_path.iterdir())


def test_make_run_refuses_a_database_it_cannot_reach_with_one_line(tmp_path):
    said = serve(tmp_path, DATABASE_URL="postgresql://shop:secret@127.0.0.1:9/shop", PORT="18123")
    assert said.returncode == 2
    assert said.stdout.count("\n") == 1
    assert "127.0.0.1:9" in said.stdout
    assert "secret" not in said.stdout
    assert not said.stderr

"""Settings of one installation: read once from the environment, nonsense refused at start."""

import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """What the machine decides. What the co-op itself decides stands on /office/shop.

    Raises pydantic's ValidationError, which names the setting, where a value makes no sense or production
    would run on a test double.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    app_env: Literal["development", "production"] = "development"
    secret_key: str = ""
    base_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = ""
    mail_url: str = ""
    sms_url: str = ""
    media_url: str = ""
    currency: str = "CNY"
    port: int = Field(default=8000, ge=1, le=65535)
    web_concurrency: int = Field(default=2, ge=1, le=64)
    demo: bool = True
    instance_path: Path = ROOT / "instance"

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        from shop.money import CURRENCIES  # noqa: PLC0415  the ground floor reads no settings while this one loads

        if value not in CURRENCIES:
            raise ValueError(f"CURRENCY must be one of {', '.join(sorted(CURRENCIES))}, not {value!r}")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith(("postgres://", "postgresql://")):
            value = "postgresql+psycopg://" + value.split("://", 1)[1]
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("media_url")
    @classmethod
    def _local_media(cls, value: str) -> str:
        if "://" in value and not value.startswith("file://"):
            raise ValueError("MEDIA_URL must be a local folder; object storage is not supported yet")
        return value.removeprefix("file://")

    @field_validator("base_url")
    @classmethod
    def _whole_base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/")):
            raise ValueError("BASE_URL must look like https://shop.example, without a path")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _production_is_real(self) -> Self:
        if self.app_env == "production":
            if len(self.secret_key) < 32:
                raise ValueError("SECRET_KEY must have at least 32 characters in production")
            if not self.base_url.startswith("https://"):
                raise ValueError("BASE_URL must be an https address in production")
            if not self.stripe_secret_key or not self.stripe_webhook_secret:
                raise ValueError("production needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET; the sandbox is refused")
        if self.stripe_secret_key and not self.stripe_webhook_secret:
            raise ValueError("STRIPE_WEBHOOK_SECRET is missing beside STRIPE_SECRET_KEY")
        return self

    @property
    def site_url(self) -> str:
        """The shop's own address without a slash at the end."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def db_url(self) -> str:
        """SQLAlchemy URL; SQLite in the instance folder unless DATABASE_URL says otherwise."""
        return self.database_url or f"sqlite:///{self.instance_path / 'shop.sqlite3'}"

    @property
    def media_path(self) -> Path:
        """Folder of the pictures."""
        return Path(self.media_url) if self.media_url else self.instance_path / "media"

    @property
    def sandboxed(self) -> bool:
        """Whether payments run against the shop's own Stripe sandbox."""
        return not self.stripe_secret_key and self.app_env == "development"

    def signing_key(self) -> str:
        """SECRET_KEY, or in development one made once and kept in the instance folder."""
        if self.secret_key:
            return self.secret_key
        kept = self.instance_path / "secret_key"
        if not kept.exists():
            self.instance_path.mkdir(parents=True, exist_ok=True)
            try:
                with kept.open("x") as file:
                    file.write(secrets.token_urlsafe(48))
                kept.chmod(0o600)
            except FileExistsError:
                pass
        return kept.read_text()

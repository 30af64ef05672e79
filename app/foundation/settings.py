"""Settings, read once from the environment. No secret has a default that production would use."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that a deployment may set. Without `DATABASE_URL` the embedded PostgreSQL in `data_dir` is used."""

    model_config = SettingsConfigDict(env_prefix="ROUTING_", frozen=True, extra="ignore", populate_by_name=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    # The login that owns the tables. Web and worker processes need it never: without it they migrate nothing.
    migrations_url: str | None = Field(default=None, validation_alias="MIGRATIONS_DATABASE_URL")
    data_dir: Path = Path(".data")
    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8000"
    secret_key: str | None = Field(default=None, min_length=32, description="Seals webhook secrets at rest")
    # Heeded in development only: in production a call goes to https, whatever this says.
    allow_loopback_http: bool = False
    oidc_issuer: str | None = Field(default=None, description="The OpenID Connect provider in which people sign in")
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    # People sign in by choosing who they are, with demonstration data. Production refuses to start with it.
    development_sign_in: bool = False
    # Labelled defaults [I]: how much one caller may ask of the service. Every process counts on the same table.
    calls_a_minute: int = Field(default=600, ge=1, description="of one client")
    calls_of_a_person_a_minute: int = Field(default=300, ge=1, description="of one person, over the API or on pages")
    person_searches_a_minute: int = Field(default=30, ge=1, description="of one client")
    sign_ins_a_minute: int = Field(default=60, ge=1, description="begun or ended at one address")
    failures_before_lock_out: int = Field(default=20, ge=1, description="of one address, to prove who calls")
    minutes_of_lock_out: int = Field(default=15, ge=1, le=1440)
    pool_size: int = Field(default=10, ge=1, le=100)
    smtp_relay: str | None = Field(default=None, description="host:port of a relay for undelivered reminders")
    reminder_mail_from: str = "referral-routing@localhost"

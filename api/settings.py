"""Settings: environment ``KJELDA_*`` first, then ``kjelda.toml`` in the working folder.

An unknown name, in either place, is an error: a misspelt setting that is silently
ignored is found out too late.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "KJELDA_"
FILE = "kjelda.toml"


class SettingsError(Exception):
    """A setting is unknown or has a value that can't be used; the message says which."""


def default_home() -> Path:
    """The data folder when none is set: ``kjelda`` where the desktop keeps user data.

    The working folder would be surprising: the base would depend on where one stands.
    """
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "kjelda"


class Settings(BaseSettings):
    """Everything that can be set. In ``kjelda.toml`` the names stand without prefix."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        protected_namespaces=(),
    )

    home: Path = Field(
        default_factory=default_home,
        description="The data folder: the base, its index and the built model.",
    )
    model: str | None = Field(
        default=None,
        description="The embedding model: a name, or a folder on disk. Unset: the one shipped.",
    )
    model_download: bool = Field(
        default=False,
        description="Let a model that is not on this machine be fetched from the model hub.",
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address `kjelda serve` listens on. There is no access control.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="The port `kjelda serve` listens on; 0: any."
    )
    log_queries: bool = Field(
        default=False,
        description="Write what is searched for to the log. National identity numbers are masked.",
    )

    contact: str | None = Field(
        default=None,
        pattern=r"^[\x21-\x7e]{3,100}$",
        description="An e-mail or web address that publishers see when Kjelda fetches a page.",
    )

    @field_validator("home")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser()

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line first, then the environment; the file is read by load()."""
        return init_settings, env_settings


def load(**given: Any) -> Settings:
    """The settings in force. ``given`` (from the command line) wins; None means not given.

    Raises SettingsError.
    """
    names = Settings.model_fields
    _refuse_unknown(
        (name for name in os.environ if name.upper().startswith(PREFIX)),
        [PREFIX + name.upper() for name in names],
        "environment variable",
    )
    from_file = _read_file(Path(FILE))
    _refuse_unknown(from_file, list(names), f"setting in {FILE}")
    from_environment = {
        name
        for name in names
        if os.environ.get(PREFIX + name.upper()) or os.environ.get((PREFIX + name).lower())
    }
    values = {k: v for k, v in from_file.items() if k not in from_environment}
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from error


def _read_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error


def _refuse_unknown(names: Iterable[str], known: list[str], what: str) -> None:
    for name in sorted(names):
        if name in known or (name.upper() in known and what.startswith("environment")):
            continue
        near = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(
            name.upper(), known, n=1
        )
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        raise SettingsError(f"unknown {what} {name}; {hint}")


def _in_words(error: ValidationError) -> str:
    lines = []
    for fault in error.errors(include_url=False):
        name = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"][0].lower() + fault["msg"][1:]
        lines.append(f"{name} ({PREFIX}{name.upper()}) is {fault['input']!r}: {message}")
    return "; ".join(lines)

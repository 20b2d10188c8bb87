"""Settings: where they come from, and that a misspelt one is found out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.settings import Settings, SettingsError, load


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("KJELDA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_listen_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing set: loopback, queries not logged, data where the desktop keeps user data."""
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    settings = load()
    assert (settings.host, settings.port, settings.log_queries) == ("127.0.0.1", 8000, False)
    assert Path("/somewhere/kjelda") == settings.home
    assert settings.loopback


def test_order_is_given_then_environment_then_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line wins over the environment, which wins over kjelda.toml."""
    Path("kjelda.toml").write_text('port = 1\nmodel = "a"\nhome = "h"\n')
    monkeypatch.setenv("KJELDA_PORT", "2")
    monkeypatch.setenv("KJELDA_MODEL", "b")
    settings = load(port=3, home=None)
    assert (3, "b", Path("h")) == (settings.port, settings.model, settings.home)


def test_unknown_environment_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt KJELDA_ variable stops with the name that was meant."""
    monkeypatch.setenv("KJELDA_PROT", "9000")
    with pytest.raises(SettingsError, match="KJELDA_PROT; did you mean KJELDA_PORT"):
        load()


def test_unknown_key_in_the_file_is_an_error() -> None:
    """A misspelt key in kjelda.toml stops with the name that was meant."""
    Path("kjelda.toml").write_text('hom = "x"\n')
    with pytest.raises(SettingsError, match=r"kjelda\.toml hom; did you mean home"):
        load()


@pytest.mark.parametrize(
    ("toml", "said"),
    [("port = 99999", "port"), ("port = ", "not valid TOML"), ("log_queries = 7", "log_queries")],
)
def test_a_bad_value_is_told_by_name(toml: str, said: str) -> None:
    """What can't be used is named, and no traceback of Pydantic is shown."""
    Path("kjelda.toml").write_text(toml)
    with pytest.raises(SettingsError, match=said) as caught:
        load()
    assert "pydantic" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("kb", False)],
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only addresses of this machine itself count as loopback."""
    assert loopback is Settings(host=host).loopback


def test_every_setting_is_described() -> None:
    """Each setting says what it does; the documentation is made from this."""
    assert all(field.description for field in Settings.model_fields.values())

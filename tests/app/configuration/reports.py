"""What the settings file says about a text."""

import pytest

from app.settings import ConfigError, SettingsFile


def problems_of(file: SettingsFile, text: str | bytes) -> list[str]:
    """What is said about a text, without the name of the file in front."""
    file.path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as error:
        file.load()
    assert error.value.exit_code == 2
    assert str(error.value) == "\n".join(map(str, error.value.problems))
    return [str(problem).removeprefix(f"{file.path}:") for problem in error.value.problems]

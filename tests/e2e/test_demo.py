"""`tierwise demo` through the official SDKs: nothing configured, an answer all the same."""

import os
from pathlib import Path

import anthropic
import openai
import pytest

from tests.e2e.program import program, run


def test_the_anthropic_sdk_gets_answers_whole_and_streamed(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        ready = demo.ready()
        client = anthropic.Anthropic(base_url=ready["url"], api_key=ready["token"], max_retries=0)
        question = [{"role": "user", "content": "Hello"}]
        message = client.messages.create(model="claude-x", max_tokens=100, messages=question)
        assert message.content[0].text.startswith("This is the Tierwise demo")
        assert message.model == "simple"
        assert message.stop_reason == "end_turn"
        assert message.usage.output_tokens > 0
        with client.messages.stream(model="claude-x", max_tokens=100, messages=question) as stream:
            pieces = list(stream.text_stream)
        assert len(pieces) > 5
        assert "".join(pieces) == message.content[0].text
        raw = client.messages.with_raw_response.create(model="claude-x", max_tokens=9, messages=question)
        assert raw.headers["x-tierwise-service"] == "demo/simple"


def test_the_openai_sdk_gets_answers_whole_and_streamed(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        ready = demo.ready()
        client = openai.OpenAI(base_url=f"{ready['url']}/v1", api_key=ready["token"], max_retries=0)
        question = [{"role": "user", "content": "Hello"}]
        answer = client.chat.completions.create(model="gpt-x", messages=question)
        text = answer.choices[0].message.content
        assert text.startswith("This is the Tierwise demo")
        stream = client.chat.completions.create(
            model="gpt-x", messages=question, stream=True, stream_options={"include_usage": True}
        )
        chunks = list(stream)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == text
        assert chunks[-1].usage.completion_tokens == answer.usage.completion_tokens


def test_the_sdks_read_our_errors_as_what_they_are(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        ready = demo.ready()
        question = [{"role": "user", "content": "Hello"}]
        stranger = anthropic.Anthropic(base_url=ready["url"], api_key="wrong", max_retries=0)
        with pytest.raises(anthropic.AuthenticationError, match="token is not valid"):
            stranger.messages.create(model="m", max_tokens=1, messages=question)
        other = openai.OpenAI(base_url=f"{ready['url']}/v1", api_key="wrong", max_retries=0)
        with pytest.raises(openai.AuthenticationError, match="token is not valid"):
            other.chat.completions.create(model="m", messages=question)
        known = anthropic.Anthropic(base_url=ready["url"], api_key=ready["token"], max_retries=0)
        with pytest.raises(anthropic.NotFoundError):
            known.beta.files.list()


def test_it_lives_in_a_home_of_its_own_and_is_found_and_stopped_there(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        ready = demo.ready()
        demo.wait_for("ANTHROPIC_BASE_URL")
        assert sorted(os.listdir(tmp_path)) == ["demo"]  # noqa: PTH208 -- names are what is compared
        assert run("status", home=tmp_path)[0] == 1
        assert f"The demo runs at {ready['url']}" in run("status", home=tmp_path)[1]
        code, _, err = run("demo", "--port", "0", home=tmp_path)
        assert code == 3
        assert "stop --demo` ends it" in err
        assert "stop --demo` ends it" in run("stop", home=tmp_path)[1]
        assert run("stop", "--demo", home=tmp_path)[0] == 0
        assert demo.wait()[0] == 0


def test_null_for_the_stream_means_no_stream(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        ready = demo.ready()
        client = openai.OpenAI(base_url=f"{ready['url']}/v1", api_key=ready["token"], max_retries=0)
        question = [{"role": "user", "content": "Hello"}]
        answer = client.chat.completions.create(
            model="gpt-x", messages=question, stream=None, stream_options=None
        )
        assert answer.choices[0].message.content.startswith("This is the Tierwise demo")
        with pytest.raises(openai.BadRequestError, match="not as expected"):
            client.chat.completions.create(model="gpt-x", messages="Hello")


def test_ctrl_c_in_the_middle_of_a_stream_ends_it_with_the_formats_error(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        ready = demo.ready()
        client = anthropic.Anthropic(base_url=ready["url"], api_key=ready["token"], max_retries=0)
        stream = client.messages.create(
            model="m", max_tokens=100, messages=[{"role": "user", "content": "Hello"}], stream=True
        )
        next(iter(stream))
        demo.process.terminate()
        with pytest.raises(anthropic.APIStatusError, match="Tierwise is stopping"):
            list(stream)
        assert demo.wait()[0] == 0

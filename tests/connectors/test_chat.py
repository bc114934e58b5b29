"""A language model's server: one question, one request, to that host alone; and whatever it answers with does no harm."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from servers import processes
from servers.chat_server import chat, completion
from servers.web_server import serving

from connectors.chat import LARGEST_ANSWER, LARGEST_RESPONSE, ChatModel
from connectors.errors import ConnectorError

SCHEMA: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
QUESTION = ("Answer.", '{"sentences": []}', "opinions", SCHEMA, 100)


def failure(model: ChatModel) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        model.ask(*QUESTION)
    assert "\n" not in caught.value.message
    return caught.value


def test_a_question_is_a_request_as_the_published_description_has_it() -> None:
    with chat('{"answers": []}') as server:
        assert ChatModel(server.url, "m").ask(*QUESTION) == '{"answers": []}'
        assert server.deviations == []
        (request,) = server.asked
        assert request["model"] == "m"
        assert [m["content"] for m in request["messages"]] == ["Answer.", '{"sentences": []}']


def test_a_gateway_gets_its_key() -> None:
    with chat() as server:
        ChatModel(server.url, "m", lambda: "secret").ask(*QUESTION)
        assert server.headers[0]["Authorization"] == "Bearer secret"


def test_a_server_without_a_key_gets_none() -> None:
    with chat() as server:
        ChatModel(server.url, "m").ask(*QUESTION)
        assert "Authorization" not in server.headers[0]


def test_no_proxy_and_no_netrc_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with chat() as server, chat() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        ChatModel(server.url, "m").ask(*QUESTION)
        assert (len(server.headers), proxy.headers) == (1, [])
        assert "Authorization" not in server.headers[0]


def test_a_redirect_is_not_followed() -> None:
    with chat() as elsewhere, chat((307, {"Location": f"{elsewhere.url}/chat/completions"}, b"")) as server:
        assert "another address" in failure(ChatModel(server.url, "m")).message
        assert elsewhere.headers == []


def test_another_machine_is_not_asked_without_encryption() -> None:
    with pytest.raises(ConnectorError, match="without encryption"):
        ChatModel("http://gateway.northwind.example/v1", "m").ask(*QUESTION)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "refused"),
        (401, "refused the key"),
        (403, "refused the key"),
        (404, "no such model"),
        (500, "internal error"),
        (503, "limiting"),
    ],
)
def test_a_refusal_is_said_in_words_and_the_question_not_repeated(status: int, words: str) -> None:
    with serving((status, {}, b"<html>oops</html>")) as server:
        assert words in failure(ChatModel(f"{server.url}/v1", "m")).message
        assert len(server.asked) == 1


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    with serving((429, {"Retry-After": "60"}, b"")) as server:
        model = ChatModel(f"{server.url}/v1", "m")
        failure(model)
        failure(model)
        assert len(server.asked) == 1
        assert model.back_off.remaining() > 50


@pytest.mark.parametrize("how", ["hang", "drip head", "drip body"])
def test_a_slow_server_costs_the_time_limit_and_no_more(how: str) -> None:
    with chat(misbehaves=how) as server:
        begun = time.monotonic()
        failure(ChatModel(server.url, "m", time_limit=0.5))
        assert time.monotonic() - begun < 2


def test_a_server_that_keeps_requests_open_is_asked_no_more_until_it_has_ended_them() -> None:
    with chat(misbehaves="drip head") as server:
        model = ChatModel(server.url, "m", time_limit=0.2)
        assert [failure(model).message for _ in range(3)][-1].endswith("still has not finished its earlier answers")
        assert len(server.headers) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00junk",
        b'data: {"choices": [{"delta": {"content": "yes"}}]}\n\ndata: [DONE]\n\n',
        b"[" * 50_000,
        b"[]",
        b'"yes"',
        b"1e999999",
        b"9" * 100_000,
        b"{}",
        b'{"choices": []}',
        b'{"choices": {}}',
        b'{"choices": [null]}',
        b'{"choices": [{"message": "yes"}]}',
        b'{"choices": [{"text": "yes"}]}',
        b'{"error": {"message": "no"}}',
    ],
    ids=range(15),
)
def test_an_answer_that_is_no_chat_completion_is_an_error(body: bytes) -> None:
    with chat((200, {}, body)) as server:
        assert "no chat completion" in failure(ChatModel(server.url, "m")).message


@pytest.mark.parametrize("content", [None, 5, ["yes"], {"answers": []}])
def test_a_model_that_says_nothing_says_nothing(content: Any) -> None:
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
    with chat((200, {}, body)) as server:
        assert ChatModel(server.url, "m").ask(*QUESTION) == ""


def test_a_long_answer_is_cut() -> None:
    with chat("x" * (LARGEST_ANSWER + 1)) as server:
        assert len(ChatModel(server.url, "m").ask(*QUESTION)) == LARGEST_ANSWER


def test_an_endless_response_is_not_read_to_its_end() -> None:
    with chat(misbehaves="endless") as server:
        assert "larger than 256 KB" in failure(ChatModel(server.url, "m", time_limit=20)).message


def test_a_response_that_unpacks_to_much_more_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * (100 * LARGEST_RESPONSE) + completion("{}"))
    with chat((200, {"Content-Encoding": "gzip"}, bomb)) as server:
        assert "larger than 256 KB" in failure(ChatModel(server.url, "m", time_limit=20)).message


def test_a_key_that_cannot_be_looked_up_is_an_error_before_anything_leaves() -> None:
    def look_up() -> str:
        raise ConnectorError("the password command pass was not found", permanent=True)

    with chat() as server:
        assert "pass was not found" in failure(ChatModel(server.url, "m", look_up)).message
        assert server.headers == []


def test_a_server_that_is_not_there_is_an_error() -> None:
    with chat() as server:
        url = server.url
    assert "cannot be reached" in failure(ChatModel(url, "m")).message


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Path, Path]:
    try:
        return processes.certificate(tmp_path)
    except processes.Missing as missing:
        pytest.skip(str(missing))


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tls: tuple[Path, Path]) -> None:
    with chat(tls=tls) as server:
        assert "cannot be trusted" in failure(ChatModel(server.url, "m")).message
        assert server.headers == []


def test_a_certificate_that_the_user_names_is_trusted(tls: tuple[Path, Path]) -> None:
    with chat(tls=tls) as server:
        assert ChatModel(server.url, "m", ca_file=str(tls[0])).ask(*QUESTION) == "{}"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_is_none_is_said(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "company.pem"
    if content is not None:
        file.write_text(content)
    error = failure(ChatModel("https://localhost:1/v1", "m", ca_file=str(file)))
    assert "company.pem cannot be used" in error.message

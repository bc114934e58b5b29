"""Where the tests of Microsoft 365 find it: a server for each test, which holds all it is asked against what Microsoft publishes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import graph_server, processes
from servers.graph_server import Graph


@pytest.fixture
def graph() -> Iterator[Graph]:
    try:
        with graph_server.running() as graph:
            yield graph
            assert graph.wrong + graph.diaries.wrong == []
    except processes.Missing as missing:
        pytest.skip(str(missing))

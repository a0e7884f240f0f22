"""A bot's side of the sandbox: plain HTTP requests, one a call."""

from typing import Any

from aiohttp import ClientSession

from bot.sandbox import Sandbox

Answer = dict[str, Any]


class Api:
    def __init__(self, session: ClientSession, sandbox: Sandbox) -> None:
        self.session = session
        self.sandbox = sandbox

    async def call(self, method: str, **parameters: Any) -> Answer:
        """The whole answer, whether it is good or bad."""
        url = f"{self.sandbox.origin}/bot{self.sandbox.token}/{method}"
        async with self.session.post(url, json=parameters) as response:
            answer: Answer = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    async def result(self, method: str, **parameters: Any) -> Any:
        """What a request that succeeds gives."""
        answer = await self.call(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Code and description of a request that is refused."""
        answer = await self.call(method, **parameters)
        assert not answer["ok"], answer
        return answer["error_code"], answer["description"]

    async def updates(self, **parameters: Any) -> list[Answer]:
        """What waits, without its ids."""
        found: list[Answer] = await self.result("getUpdates", **parameters)
        return [{name: u[name] for name in u if name != "update_id"} for u in found]

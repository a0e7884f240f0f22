"""How the Bot API says no."""


class ApiError(Exception):
    """An answer with `"ok": false`; `parameters` are those of `ResponseParameters`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")

"""A WebClient that talks to the sandbox without HTTP: every method of the SDK ends in `api_call`."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from bot.sandbox import Sandbox
from tests.slack_methods import note_call


class SandboxClient(WebClient):
    def __init__(self, sandbox: Sandbox, token: str | None = None, **options: Any) -> None:
        token = sandbox.bot_token if token is None else token
        super().__init__(token=token, base_url="http://127.0.0.1/api/", retry_handlers=[], **options)
        self.sandbox = sandbox

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        args = request.get("json") or request.get("params") or request.get("data") or {}
        given = self.default_params | {name: value for name, value in args.items() if value is not None}
        given |= request.get("auth") or {}
        note_call(api_method)
        answer = self.sandbox.api(api_method, given, token=self.token)
        response = SlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args=request,
            data=answer.body,
            headers=answer.headers,
            status_code=answer.status,
        )
        return response.validate()

    def _upload_file(self, *, url: str, data: bytes, **options: Any) -> FileUploadV2Result:
        answer = self.sandbox.upload(url, data)
        return FileUploadV2Result(status=answer.status, body=str(answer.body))

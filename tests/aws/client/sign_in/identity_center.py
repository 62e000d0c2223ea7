"""An IAM Identity Center of a test's own: it gives a code, and a token once that is confirmed."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CODE = "ABCD-EFGH"
START_URL = "https://team.awsapps.com/start"


class IdentityCenter:
    """Answers RegisterClient, StartDeviceAuthorization and CreateToken (IAM Identity Center OIDC API Reference)."""

    token = "a-token"

    def __init__(self) -> None:
        self._outcome = "AuthorizationPendingException"
        self.asked: list[dict[str, Any]] = []
        center = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = center.answer(self.path, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                if status != 200:
                    self.send_header("x-amzn-ErrorType", str(answer["error"]))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> IdentityCenter:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that lead here."""
        return {"AWS_ENDPOINT_URL_SSO_OIDC": f"http://127.0.0.1:{self._server.server_address[1]}"}

    def profile(self, name: str) -> str:
        """A profile that signs in here."""
        session = f"[sso-session {name}-sso]\nsso_start_url = {START_URL}\nsso_region = us-west-2\n"
        scopes = "sso_registration_scopes = sso:account:access\n"
        account = "sso_account_id = 123456789012\nsso_role_name = Research\nregion = us-west-2\n"
        return f"{session}{scopes}[profile {name}]\nsso_session = {name}-sso\n{account}"

    def confirm(self) -> None:
        """Confirm the code, as a person does in a browser."""
        self._outcome = ""

    def fail(self, error: str) -> None:
        """Answer the questions for the token with this error from now on."""
        self._outcome = error

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and document of an answer."""
        self.asked.append(body)
        if path == "/client/register":
            return 200, {"clientId": "id", "clientSecret": "secret", "clientSecretExpiresAt": int(time.time()) + 3600}
        if path == "/device_authorization":
            uri = "https://device.sso.us-west-2.amazonaws.com/"
            return 200, {
                "deviceCode": "device",
                "userCode": CODE,
                "verificationUri": uri,
                "verificationUriComplete": f"{uri}?user_code={CODE}",
                "expiresIn": 600,
                "interval": 0,
            }
        if self._outcome:
            return 400, {"error": self._outcome, "error_description": "not now"}
        return 200, {"accessToken": self.token, "tokenType": "Bearer", "expiresIn": 3600, "refreshToken": "again"}

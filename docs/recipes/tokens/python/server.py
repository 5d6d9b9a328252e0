"""A site's own server in Python: serves the page in ./public, and signs tokens for who has signed in.

    CHALK_KEY_ID=… CHALK_SECRET=… python3 server.py

Needs nothing but Python. With PyJWT, `sign` is one line:
    jwt.encode(claims, CHALK_SECRET, algorithm="HS256", headers={"kid": CHALK_KEY_ID})
"""

import base64
import hashlib
import hmac
import json
import os
import time
from functools import partial
from http.cookies import SimpleCookie
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

CHALK_SITE = os.environ.get("CHALK_SITE", "acme")
CHALK_KEY_ID = os.environ["CHALK_KEY_ID"]
CHALK_SECRET = os.environ["CHALK_SECRET"]
PORT = int(os.environ.get("PORT", "8080"))

USERS = {
    "ann": {"name": "Ann", "rooms": {"algebra-101": "moderator"}},
    "bo": {"name": "Bo", "rooms": {"algebra-101": "member"}},
}


def signed_in_user(headers):
    """Put your own login here: look the session cookie up, as your other pages do. This one believes whatever the cookie says."""
    morsel = SimpleCookie(headers.get("Cookie", "")).get("trial_user")
    user = USERS.get(morsel.value) if morsel else None
    return user and {"id": morsel.value, **user}


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign(claims):
    header = {"alg": "HS256", "typ": "JWT", "kid": CHALK_KEY_ID}
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    mac = hmac.new(CHALK_SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64url(mac)}"


def token_for(user):
    """What they may do comes from what you know of them, never from what was asked."""
    now = int(time.time())
    return sign(
        {
            "iss": CHALK_SITE,
            "aud": "chalk-talk",
            "sub": user["id"],
            "name": user["name"],
            "rooms": user["rooms"],
            "iat": now,
            "exp": now + 15 * 60,
        }
    )


class Handler(SimpleHTTPRequestHandler):
    def do_POST(self):
        # Read what was sent, so that the connection can be used again.
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/chalk-token":
            return self.answer(404)
        # The element sends this header. A form on a foreign page can't, and a foreign script would be asked for CORS first.
        if not self.headers.get("X-Chalk-Talk"):
            return self.answer(403)
        user = signed_in_user(self.headers)
        if not user:
            return self.answer(401)
        self.answer(200, {"token": token_for(user)})

    def answer(self, status, body=None):
        content = json.dumps(body).encode() if body else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


print(f"http://localhost:{PORT}/", flush=True)
ThreadingHTTPServer(("127.0.0.1", PORT), partial(Handler, directory="public")).serve_forever()

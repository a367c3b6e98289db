"""A token issuer, as small as one can be: GET /keys (JWKS), POST /token (client_credentials, RFC 6749 section 4.4; RS256, RFC 7518).
Reads /etc/issuer: issuer.json {"issuer", "audience", "clients": {id: secret}}, key.json {"n", "e", "d"}, tls.crt, tls.key."""
import base64
import hashlib
import http.server
import json
import ssl
import time

DIR = "/etc/issuer"
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, section 9.2, note 1


def read(name):
    with open(f"{DIR}/{name}") as f:
        return json.load(f)


ABOUT, KEY = read("issuer.json"), {k: int(v, 16) for k, v in read("key.json").items()}
SIZE = (KEY["n"].bit_length() + 7) // 8


def url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n):
    return url(n.to_bytes((n.bit_length() + 7) // 8, "big"))


def sign(text):
    digest = SHA256_INFO + hashlib.sha256(text).digest()
    padded = b"\0\1" + b"\xff" * (SIZE - len(digest) - 3) + b"\0" + digest
    return pow(int.from_bytes(padded, "big"), KEY["d"], KEY["n"]).to_bytes(SIZE, "big")


def token(client):
    now = int(time.time())
    claims = {"iss": ABOUT["issuer"], "aud": ABOUT["audience"], "sub": client, "scope": "kafka", "iat": now, "exp": now + 300}
    parts = [url(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1", "typ": "JWT"}, claims)]
    text = ".".join(parts)
    return f"{text}.{url(sign(text.encode()))}"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": number(KEY["n"]), "e": number(KEY["e"])}
        self.answer(200, {"keys": [key]})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind, _, code = self.headers.get("Authorization", "").partition(" ")
        client, _, secret = base64.b64decode(code).decode().partition(":") if kind == "Basic" else ("", "", "")
        if not client or ABOUT["clients"].get(client) != secret:
            return self.answer(401, {"error": "invalid_client"})
        self.answer(200, {"access_token": token(client), "token_type": "Bearer", "expires_in": 300})


server = http.server.ThreadingHTTPServer(("", 8443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{DIR}/tls.crt", f"{DIR}/tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()

# SPDX-License-Identifier: Apache-2.0
"""A server of repositories over smart HTTP: git's own http-backend."""

import base64
import http.server
import os
import subprocess
import threading
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def log_message(self, *_):
        pass

    def refuse(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        self.do_GET()

    def do_GET(self):
        server = self.server.owner
        path, _, query = self.path.partition("?")
        server.log.append((path, self.headers.get("Authorization")))
        if server.api and path.startswith("/api/"):
            self.answer_api(path, query)
            return
        for prefix, location in server.moved.items():
            if path.startswith(prefix):
                self.refuse(301, Location=location + self.path[len(prefix):])
                return
        if server.failing:
            self.refuse(500)
            return
        if server.password and \
                self.headers.get("Authorization") != server.expected():
            self.refuse(401, WWW_Authenticate='Basic realm="x"')
            return
        if server.hold and path.endswith("git-upload-pack"):
            server.is_held.set()
            server.hold.wait(60)
        self.run_backend(path, query)

    def answer_api(self, path, query):
        answer = self.server.owner.api.answer(
            path, dict(urllib.parse.parse_qsl(query)), self.headers)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"] or 0))
        parts = []
        while True:
            size = int(self.rfile.readline(), 16)
            parts.append(self.rfile.read(size))
            self.rfile.readline()
            if not size:
                return b"".join(parts)

    def run_backend(self, path, query):
        environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(self.server.owner.root),
            "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get(
                "Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        given = self.body() if self.command == "POST" else b""
        said = subprocess.run(
            ["git", "http-backend"], input=given, env=environment,
            check=False, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL).stdout
        head, _, body = said.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1)
                       for line in head.decode().split("\r\n") if line)
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Who asks may hang up."""


class GitServer:
    """Serves the bare repositories in ${root}; `log` are the requests."""

    def __init__(self, root, user=None, password=None):
        self.root = root
        self.user = user
        self.password = password
        self.moved = {}   # path -> URL
        self.failing = False
        self.api = None   # a forges.Forge that answers for it
        self.hold = None  # an event: packs wait for it
        self.is_held = threading.Event()
        self.log = []
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.owner = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def expected(self):
        both = f"{self.user}:{self.password}".encode()
        return "Basic " + base64.b64encode(both).decode()

    def close(self):
        if self.hold:
            self.hold.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
